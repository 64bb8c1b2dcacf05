import type { Log } from '@waybill/delivery';
import {
  createProcessors,
  createProcessorsThread,
  type Elsewhere,
  type Intake,
  type Links,
  type ProcessorFailure,
  type Processors,
} from '@waybill/ingest';
import type { FastifyBaseLogger } from 'fastify';
import type { Sparing } from '../logging/sparing.ts';
import type { Metrics } from '../metrics.ts';
import type { Role } from '../roles.ts';
import type { Stores } from '../stores.ts';
import { after, startThread } from './thread.ts';

/** The data of the processors thread. */
export interface ProcessorsWorkerData {
  /** The address of the log. */
  readonly store: string;
  /** Names this process among those that could work for the same processor. */
  readonly holder: string;
  /** Whether there can be other processes. */
  readonly isShared: boolean;
  /** The key for tokens of links. */
  readonly secretKey: string;
}

/** The inputs of running processors. */
export interface ProcessorsInput {
  readonly log: Log;
  readonly intake: Intake;
  readonly stores: Pick<Stores, 'supports'>;
  readonly store: string;
  readonly secretKey: string;
  readonly links: Links;
  readonly holder: string;
  readonly elsewhere: Elsewhere | undefined;
  readonly sparing: Sparing;
  readonly roles: ReadonlySet<Role>;
  readonly metrics: Pick<Metrics, 'threadEnded'>;
  readonly logger: Pick<FastifyBaseLogger, 'warn' | 'error'>;
}

/** Objects of a round live until its end, and most of them fit in a third of this; twice as much saved no processor time. */
const YOUNG_MEGABYTES = 48;

/** The timeout for the thread to exit after stopping, in milliseconds. */
const LAST_WAIT = 2_000;

/** Runs processors in a separate thread. */
export function startProcessors(input: ProcessorsInput): Processors {
  const { log, intake, stores, holder, elsewhere, sparing, logger } = input;
  const { partitions } = stores.supports;
  const shared = {
    log,
    elsewhere,
    partitions,
    now: Date.now,
    onFailure(processor: string, { cause, message }: ProcessorFailure): void {
      const issues = [{ code: 'processor_failed', path: '', message }] as const;
      const warn = (refused: object): void => logger.warn(refused, 'a processor skipped events');
      intake.refuse([{ messageId: cause, issues }], { source: { id: processor }, path: 'processor', warn });
    },
    onError: (processor: string, error: unknown): void =>
      sparing(`processor ${processor}`, () => logger.error({ err: error, processor }, 'a processor waits')),
  };
  const own = (): Processors =>
    createProcessors({
      ...shared,
      intake,
      holder,
      seal: (processor, text) => input.links.seal(processor, text),
    });
  // It works for none, and only gives a new one its place in the log.
  if (!input.roles.has('processors')) return own();
  const { store, secretKey } = input;
  const isShared = elsewhere !== undefined;
  const workerData: ProcessorsWorkerData = { store, holder, isShared, secretKey };
  return createProcessorsThread({
    ...shared,
    intake,
    own,
    start: (on) =>
      startThread(
        { name: 'processors', workerData, youngMegabytes: YOUNG_MEGABYTES, lastWait: LAST_WAIT },
        on,
      ),
    onDeath(error, restartMs) {
      input.metrics.threadEnded('processors');
      logger.error(
        { err: error, restartMs },
        'the processors thread ended and is restarted; events are still accepted and stored',
      );
    },
    after,
  });
}
