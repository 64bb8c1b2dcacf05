import { Worker } from 'node:worker_threads';
import type { WriteBack } from '@waybill/delivery';
import { createSourcesThread, sources as own, type SourcesThread } from '@waybill/ingest';
import { withNewMemory } from './new-memory.ts';

/** The data of the sources thread. */
export interface SourcesWorkerData {
  readonly allowedHosts: readonly string[];
  /** The address of the log, if this thread can do checkpoints. */
  readonly store: string | undefined;
}

/** Megabytes of memory. Pages live for a while, and each garbage collection copies them: so the young generation is large. */
const MEMORY = { maxYoungGenerationSizeMb: 48 };

/** Creates the thread that reads pages of shops with Waybill's own code; other code has its own process. */
export function startSourcesThread(
  allowedHosts: readonly string[],
  upkeep: WriteBack | undefined,
  hasPlan: (sourceId: string) => boolean,
): SourcesThread {
  return createSourcesThread({
    hasPlan,
    upkeep,
    has: ({ source }) => own.some((one) => one === source),
    start({ heard, ended }) {
      const isSource = import.meta.url.endsWith('.ts');
      const file = isSource ? './sources-worker.ts' : './sources-worker.js';
      const restore = withNewMemory(MEMORY.maxYoungGenerationSizeMb);
      const worker = new Worker(new URL(file, import.meta.url), {
        // Shown by system tools.
        name: 'sources',
        workerData: { allowedHosts, store: upkeep?.url } satisfies SourcesWorkerData,
        resourceLimits: MEMORY,
        ...(isSource ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
      });
      worker.once('online', restore);
      worker.once('exit', restore);
      worker.on('message', heard);
      let reason = new Error('The sources thread has ended.');
      worker.on('error', (error) => (reason = error instanceof Error ? error : new Error(String(error))));
      worker.on('exit', () => ended(reason));
      return {
        postMessage: (message, transfer = []) => worker.postMessage(message, [...transfer]),
        async end() {
          await worker.terminate();
        },
      };
    },
    after(milliseconds, what) {
      const timer = setTimeout(what, milliseconds).unref();
      return () => clearTimeout(timer);
    },
  });
}
