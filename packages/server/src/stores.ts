import {
  type Log,
  openStores as openDriver,
  type State,
  type Stores as Opening,
  type WriteBack,
} from '@waybill/delivery';
import type { FastifyBaseLogger } from 'fastify';
import type { Delivery } from './delivery/client.ts';
import { keepReach } from './folder/reach.ts';
import { HELD } from './health.ts';
import type { Opened } from './opened.ts';

/** Log and state of a server, and the delivery between them. */
export interface Stores {
  readonly log: Log;
  readonly state: State;
  readonly supports: Opening['supports'];
  /** Maintenance of the log that another thread can do, if any. */
  readonly writeBack?: WriteBack | undefined;
  readonly delivery: Delivery;
  /** Records the cursors of lanes, so that the next start detects an older state. */
  readonly noteReach: () => Promise<void>;
}

/**
 * Opens log and state. `startDelivery` is called first with a promise of the opened log: the thread loads its modules
 * meanwhile, because both take a while for a large log.
 */
export async function openStores(
  url: string,
  startDelivery: (opened: Promise<void>) => Promise<Delivery>,
  opened: Opened,
  logger: FastifyBaseLogger,
): Promise<Stores> {
  const opening = Promise.withResolvers<void>();
  const starting = startDelivery(opening.promise);
  // A failure to open the log is reported below.
  starting.catch(() => undefined);
  const written = await openLog(url, opening);
  opened.add(() => written.close());
  const { log, supports, writeBack } = written;
  const delivery = await starting;
  const read = await openState(url, delivery);
  opened.add(() => read.close());
  const { state } = read;
  // In one database, neither can be older than the other; and other processes append and deliver meanwhile.
  if (written.peers === undefined) await startAfterState(log, state, logger);
  const held = (): boolean => delivery.old.length > 0;
  if (held())
    logger.error(
      { destinations: delivery.old },
      `${HELD}; see "When the state is older" in docs/operations.md`,
    );
  const reach = keepReach({ log, state, held });
  // Records the final cursors of lanes, so it stops after them.
  opened.add(() => reach.stop());
  opened.add(() => delivery.stop());
  return { log, state, supports, writeBack, delivery, noteReach: () => reach.note() };
}

/** The delivery thread writes the state, this one reads it. */
async function openState(url: string, delivery: Delivery): Promise<Opening> {
  try {
    return await openDriver(url, { writes: [], only: ['state'] });
  } catch (error) {
    await delivery.stop();
    throw error;
  }
}

/** Opens the log and notifies waiters, also on failure. */
async function openLog(url: string, opening: PromiseWithResolvers<void>): Promise<Opening> {
  try {
    const stores = await openDriver(url, { writes: ['log'], only: ['log'] });
    opening.resolve();
    return stores;
  } catch (error) {
    opening.reject(error);
    throw error;
  }
}

/** The number of positions after the end of the log that are inspected for outcomes: what a damaged disk may have lost. */
const MOST_LOST = 5_000;

async function startAfterState(log: Log, state: State, logger: FastifyBaseLogger): Promise<void> {
  const last = await log.lastSeq();
  // Live events precede historical ones, so outcomes may exist after every cursor.
  const behind = await state.outcomes(Array.from({ length: MOST_LOST }, (_, n) => last + 1 + n));
  const cursors = (await state.stats()).map(({ cursor }) => cursor);
  const reached = Math.max(0, ...cursors, ...behind.map(({ seq }) => seq));
  if (reached <= last) return;
  logger.error(
    { reached, last },
    'the log has lost its newest events: was the disk damaged? Events that senders repeat are accepted again',
  );
  await log.startAfter(reached);
}
