import { Worker } from 'node:worker_threads';
import type { StepReport } from '@waybill/delivery';
import type { ModuleStatus } from '../containment/process.ts';
import type { Ask, Operations } from './operations.ts';
import type { FromWorker, ToWorker, WorkerData } from './protocol.ts';
import type { OldLane } from '../folder/reach.ts';

/** Callbacks for messages of a delivery thread. */
export interface ThreadListener {
  /** Called when it delivers; or when everything is paused, because the cursors of these lanes in the state are too old. */
  readonly onReady: (old: readonly OldLane[]) => void;
  readonly onStep: (step: StepReport) => void;
  readonly onModule: (status: ModuleStatus) => void;
  /** Called when the thread has ended, for any reason. */
  readonly onEnd: (error: Error) => void;
}

/** One delivery thread, from its start to its end. */
export interface Thread {
  /** Resolves when it delivers; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly alive: boolean;
  /** Rejects when the thread has ended, or ends before its answer. */
  readonly ask: Ask;
  post(message: Extract<ToWorker, { readonly kind: 'open' | 'wake' }>): void;
  /** Waits for its end, and terminates it after a timeout. */
  ended(patience: number): Promise<void>;
}

/** Starts a delivery thread. */
export function startThread(data: WorkerData, listener: ThreadListener): Thread {
  const source = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(source ? './worker.ts' : './worker.js', import.meta.url), {
    // The name in tools of the operating system.
    name: 'delivery',
    workerData: data,
    // A step needs about this much; with more, the heap only grows before it is collected.
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
    ...(source ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ready = Promise.withResolvers<void>();
  // The caller may have failed already, for the same reason.
  ready.promise.catch(() => undefined);
  let next = 1;
  let alive = true;

  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        listener.onReady(message.old);
        return ready.resolve();
      case 'step':
        return listener.onStep(message.step);
      case 'module':
        return listener.onModule(message.status);
      default: {
        const asker = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.kind === 'answer') asker?.resolve(message.value);
        else asker?.reject(new Error(message.message));
      }
    }
  });
  let reason: Error | undefined;
  worker.on('error', (error) => (reason = error instanceof Error ? error : new Error(String(error))));
  // Only then everything is closed that the next one opens.
  worker.on('exit', (code) => {
    alive = false;
    const error = reason ?? new Error(`The delivery thread ended with code ${code}.`);
    ready.reject(error);
    for (const asker of waiting.values()) asker.reject(error);
    waiting.clear();
    listener.onEnd(error);
  });
  return {
    ready: ready.promise,
    get alive() {
      return alive;
    },
    ask: (operation, ...given) => {
      const answered = new Promise((resolve, reject) => {
        if (!alive) {
          reject(new Error('The delivery thread has ended.'));
          return;
        }
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ kind: 'ask', id, operation, given } satisfies ToWorker);
      });
      // The worker answers with the result of its handler of this operation.
      return answered as ReturnType<Operations[typeof operation]>;
    },
    post: (message) => worker.postMessage(message),
    async ended(patience) {
      if (!alive) return;
      const gone = new Promise((resolve) => worker.once('exit', resolve));
      const timer = setTimeout(() => void worker.terminate(), patience);
      await gone;
      clearTimeout(timer);
    },
  };
}
