import { join } from 'node:path';
import {
  type EventLog,
  type LogFile,
  openEventLog,
  openStateStore,
  type StateStore,
} from '@waybill/delivery';
import type { FastifyBaseLogger } from 'fastify';
import type { Delivery } from './delivery/client.ts';
import { keepReach } from './folder/reach.ts';
import { HELD } from './health.ts';
import type { Opened } from './opened.ts';

/** Log and state of a server, and the delivery between them. */
export interface Stores {
  readonly log: LogFile;
  readonly state: StateStore;
  readonly delivery: Delivery;
  /** Notes where the lanes are, for the next start to know an older state by. */
  readonly noteReach: () => void;
}

/**
 * Opens log and state. `startDelivery` is called first and gets a promise of the opened log: the thread loads its modules
 * meanwhile, as both take a while when the log is large.
 */
export async function openStores(
  dataDir: string,
  startDelivery: (opened: Promise<void>) => Promise<Delivery>,
  opened: Opened,
  logger: FastifyBaseLogger,
): Promise<Stores> {
  const opening = Promise.withResolvers<void>();
  const starting = startDelivery(opening.promise);
  // A log that cannot be opened is said below.
  starting.catch(() => undefined);
  const log = openLog(join(dataDir, 'log.db'), opening);
  opened.add(() => log.close());
  const delivery = await starting;
  const state = await openState(dataDir, delivery);
  opened.add(() => state.close());
  startAfterState(log, state, logger);
  const held = (): boolean => delivery.old.length > 0;
  if (held())
    logger.error(
      { destinations: delivery.old },
      `${HELD}; see "When the state is older" in docs/operations.md`,
    );
  const reach = keepReach({ log, state, held });
  // Notes where the lanes have ended, so it stops after them.
  opened.add(() => reach.stop());
  opened.add(() => delivery.stop());
  return { log, state, delivery, noteReach: () => reach.note() };
}

async function openState(dataDir: string, delivery: Delivery): Promise<StateStore> {
  try {
    return openStateStore({ file: join(dataDir, 'state.db'), readOnly: true });
  } catch (error) {
    await delivery.stop();
    throw error;
  }
}

/** Opens the log and tells who waits for it, also when that fails. */
function openLog(file: string, opening: PromiseWithResolvers<void>): LogFile {
  try {
    const log = openEventLog({ file });
    opening.resolve();
    return log;
  } catch (error) {
    opening.reject(error);
    throw error;
  }
}

function startAfterState(log: EventLog, state: StateStore, logger: FastifyBaseLogger): void {
  const reached = Math.max(0, ...state.stats().map(({ cursor }) => cursor));
  if (reached <= log.lastSeq()) return;
  logger.error(
    { reached, last: log.lastSeq() },
    'the log has lost its newest events: was the disk damaged? What senders send again is taken again',
  );
  log.startAfter(reached);
}
