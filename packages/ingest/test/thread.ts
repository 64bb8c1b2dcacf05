import {
  createProcessors,
  createProcessorsThread,
  createSourcesHost,
  createSourcesThread,
  type Intake,
  type Processors,
  type RunInput,
  type SourcesThread,
} from '@waybill/ingest';
import { createProcessorsHost, processors } from '@waybill/ingest/processors-host';
import { changes, type FakeShop } from './fake-shop.ts';

/** A sources thread without a real thread: messages are copied, and arrive later. `end` stops it like an error. */
export interface TestThread extends SourcesThread {
  end(): void;
  /** The number of starts. */
  readonly starts: number;
}

/** One end of a channel: messages are copied, and arrive later, while the thread lives. */
function over(
  to: (message: unknown) => void,
  isAlive: () => boolean,
): { postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void } {
  return {
    postMessage(message, transfer = []) {
      const copy: unknown = structuredClone(message, { transfer: [...transfer] });
      setImmediate(() => {
        if (isAlive()) to(copy);
      });
    },
  };
}

/** Creates the thread that reads a shop. */
export function testThread(
  shop: FakeShop,
  now: () => number,
  hasPlan: (sourceId: string) => boolean = () => false,
): TestThread {
  let end = (): void => undefined;
  let starts = 0;
  const source = shop.source();
  const thread = createSourcesThread({
    has: ({ source: one }) => one?.slug === source.slug,
    hasPlan,
    start({ heard, ended }) {
      let alive = true;
      starts += 1;
      const isAlive = (): boolean => alive;
      const host = createSourcesHost(over(heard, isAlive), {
        sources: [source],
        changes,
        references: () => [],
        requestOf: (one) => shop.contextOf(now)(one).request,
        now,
        newMessageId: () => 'made',
      });
      end = () => {
        if (alive) ended(new Error('The thread ran out of memory.'));
        alive = false;
      };
      return {
        ...over(host.heard, isAlive),
        async end() {
          alive = false;
        },
      };
    },
    after: () => () => undefined,
  });
  return {
    ...thread,
    end: () => end(),
    get starts() {
      return starts;
    },
  };
}

/** A processors thread without a real thread. `end` stops it like an error; it is restarted at once. */
export interface TestProcessors extends Processors {
  end(): void;
}

/** Creates the thread that runs processors. */
export function testProcessors(input: RunInput & { readonly intake: Intake }): TestProcessors {
  let end = (): void => undefined;
  const { log, partitions = 1, holder, now, onFailure, onError, intake } = input;
  const thread = createProcessorsThread({
    ...{ log, intake, partitions, now, onFailure, onError, elsewhere: undefined },
    own: () => createProcessors(input),
    start({ heard, ended }) {
      let alive = true;
      const isAlive = (): boolean => alive;
      const host = createProcessorsHost(over(heard, isAlive), {
        ...{ processors, log, partitions, holder, now },
        isShared: false,
        newMessageId: () => 'made',
        onStopped: () => Promise.resolve(),
      });
      end = () => {
        if (!alive) return;
        alive = false;
        ended(new Error('The thread ran out of memory.'));
      };
      return {
        ...over(host.heard, isAlive),
        async end() {
          alive = false;
        },
      };
    },
    onDeath: () => undefined,
    after(_milliseconds, what) {
      const timer = setTimeout(what, 1);
      return () => clearTimeout(timer);
    },
  });
  return { ...thread, end: () => end() };
}
