import { type FSWatcher, watch } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { PageData } from '@waybill/definitions';
import type { Question, Said, ThreadData } from './protocol.ts';

/** The current destination under development. */
export type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly shown: PageData }
  | { readonly kind: 'broken'; readonly message: string };

/** Keeps the destination loaded, and reloads it when a file next to it changes. */
export interface ModuleHost {
  readonly state: State;
  /** The number of loads, by which the page knows when to refresh. */
  readonly version: number;
  /** Resolves when the current load has ended. */
  ready(): Promise<State>;
  ask(question: Asked): Promise<unknown>;
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** A question without its number. */
export type Asked = Question extends infer Q
  ? Q extends { readonly id: number }
    ? Omit<Q, 'id'>
    : never
  : never;

/** The debounce: editors write a file in several steps. */
const SETTLE = 100;
/** The timeout of a question: an action may wait forever. */
const PATIENCE = 60_000;

/** Loads a destination module and watches its folder. */
export function openModuleHost(data: ThreadData): ModuleHost {
  const listeners = new Set<() => void>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let state: State = { kind: 'loading' };
  let version = 0;
  let questions = 0;
  let worker: Worker | undefined;
  let settling: NodeJS.Timeout | undefined;

  const change = (next: State): void => {
    state = next;
    if (next.kind !== 'loading') version += 1;
    for (const listener of listeners) listener();
  };
  const giveUp = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  const load = (): void => {
    const before = worker;
    giveUp('The destination changed; try again.');
    change({ kind: 'loading' });
    const next = startThread(data);
    worker = next;
    void before?.terminate();
    next.on('message', (said: Said) => {
      if (worker !== next) return;
      if (said.kind === 'loaded') change({ kind: 'loaded', shown: said.shown });
      else if (said.kind === 'broken') change({ kind: 'broken', message: said.message });
      else {
        const asker = waiting.get(said.id);
        waiting.delete(said.id);
        if (said.kind === 'answer') asker?.resolve(said.value);
        else asker?.reject(new Error(said.message));
      }
    });
    next.on('error', (error: Error) => {
      if (worker !== next) return;
      giveUp(error.message);
      change({ kind: 'broken', message: error.message });
    });
  };

  const onFile = (): void => {
    clearTimeout(settling);
    settling = setTimeout(load, SETTLE);
  };
  const watcher = data.watch === undefined ? undefined : watchFolder(data.watch, onFile);
  load();

  return {
    get state() {
      return state;
    },
    get version() {
      return version;
    },
    ready() {
      return new Promise((resolve) => {
        const check = (): void => {
          if (state.kind === 'loading') return;
          listeners.delete(check);
          resolve(state);
        };
        listeners.add(check);
        check();
      });
    },
    ask(question) {
      if (worker === undefined || state.kind !== 'loaded') {
        return Promise.reject(
          new Error(state.kind === 'broken' ? state.message : 'The destination is being loaded.'),
        );
      }
      const id = (questions += 1);
      const asked = worker;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error('The action did not return within a minute.'));
        }, PATIENCE);
        const settle = (end: () => void): void => {
          clearTimeout(timer);
          end();
        };
        waiting.set(id, {
          resolve: (value) => settle(() => resolve(value)),
          reject: (error) => settle(() => reject(error)),
        });
        asked.postMessage({ ...question, id });
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      clearTimeout(settling);
      watcher?.close();
      giveUp('The server stops.');
      await worker?.terminate();
    },
  };
}

function startThread(data: ThreadData): Worker {
  const source = import.meta.url.endsWith('.ts');
  return new Worker(new URL(source ? './thread.ts' : './thread.js', import.meta.url), {
    workerData: data,
    ...(source ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
}

function watchFolder(folder: string, onChange: () => void): Pick<FSWatcher, 'close'> {
  return watch(folder, { recursive: true }, (_kind, name) => {
    if (name === null || !/(^|[\\/])(node_modules|\.git|dist)([\\/]|$)/.test(name)) onChange();
  });
}
