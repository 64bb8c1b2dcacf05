import { Worker } from 'node:worker_threads';
import type { Log } from '@waybill/delivery';
import {
  createProcessors,
  createProcessorsThread,
  type Elsewhere,
  type Intake,
  type Links,
  type ProcessorFailure,
  type Processors,
  type StartedProcessors,
} from '@waybill/ingest';
import type { FastifyBaseLogger } from 'fastify';
import type { Sparing } from '../logging/sparing.ts';
import type { Role } from '../roles.ts';
import type { Stores } from '../stores.ts';
import { withNewMemory } from './new-memory.ts';

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
  readonly logger: Pick<FastifyBaseLogger, 'warn' | 'error'>;
}

/** Megabytes of memory. Objects of a round live until its end, and most of them fit in a third of this; twice as much saved no processor time. */
const MEMORY = { maxYoungGenerationSizeMb: 48 };

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
  return createProcessorsThread({
    ...shared,
    intake,
    own,
    start: (on) =>
      startThread(
        { store: input.store, holder, isShared: elsewhere !== undefined, secretKey: input.secretKey },
        on,
      ),
    onDeath: (error, restartMs) =>
      logger.error(
        { err: error, restartMs },
        'the processors thread ended and is restarted; events are still accepted and stored',
      ),
    after(milliseconds, what) {
      const timer = setTimeout(what, milliseconds).unref();
      return () => clearTimeout(timer);
    },
  });
}

function startThread(
  workerData: ProcessorsWorkerData,
  { heard, ended }: { readonly heard: (message: unknown) => void; readonly ended: (reason: Error) => void },
): StartedProcessors {
  const isSource = import.meta.url.endsWith('.ts');
  const file = isSource ? './processors-worker.ts' : './processors-worker.js';
  const restore = withNewMemory(MEMORY.maxYoungGenerationSizeMb);
  const worker = new Worker(new URL(file, import.meta.url), {
    // Shown by system tools.
    name: 'processors',
    workerData,
    resourceLimits: MEMORY,
    ...(isSource ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.once('online', restore);
  worker.once('exit', restore);
  worker.on('message', heard);
  let reason = new Error('The processors thread has ended.');
  worker.on('error', (error) => (reason = error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => ended(reason));
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    async ended() {
      const timer = setTimeout(() => void worker.terminate(), LAST_WAIT);
      await gone;
      clearTimeout(timer);
    },
  };
}
