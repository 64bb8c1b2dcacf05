import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { StartedThread, StartThread } from '@waybill/ingest';

/** What a thread is started with. */
export interface ThreadInput {
  /** Its name in system tools, and that of its module, `<name>-worker`. */
  readonly name: 'processors' | 'sources';
  readonly workerData: unknown;
  /** The maximum size of its young generation, in megabytes. */
  readonly youngMegabytes: number;
  /** How long it may take to exit by itself when it is stopped, in milliseconds; not at all when absent. */
  readonly lastWait?: number;
}

/** Starts a thread of the intake. */
export function startThread(
  { name, workerData, youngMegabytes, lastWait }: ThreadInput,
  { heard, ended }: Parameters<StartThread>[0],
): StartedThread {
  const isSource = import.meta.url.endsWith('.ts');
  const restore = withYoungMegabytes(youngMegabytes);
  const worker = new Worker(new URL(`./${name}-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    name,
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    ...(isSource ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.once('online', restore);
  worker.once('exit', restore);
  worker.on('message', heard);
  let reason = new Error(`The ${name} thread has ended.`);
  worker.on('error', (error) => (reason = error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => ended(reason));
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    async end() {
      if (lastWait === undefined) return void (await worker.terminate());
      const timer = setTimeout(() => void worker.terminate(), lastWait);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Calls a function after a number of milliseconds, unless the process ends before; returns a function that cancels it. */
export function after(milliseconds: number, what: () => void): () => void {
  const timer = setTimeout(what, milliseconds).unref();
  return () => clearTimeout(timer);
}

/**
 * V8 flags of the process override those of a thread. Sets the size of the young generation for a thread that starts now; the returned
 * function restores the previous value when the thread has started.
 */
function withYoungMegabytes(megabytes: number): () => void {
  const flag = '--max-semi-space-size';
  const said = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const last = said.findLast((one) => one.startsWith(`${flag}=`));
  if (last === undefined) return () => undefined;
  // The young generation consists of three semi-spaces.
  setFlagsFromString(`${flag}=${megabytes / 3}`);
  return () => setFlagsFromString(last);
}
