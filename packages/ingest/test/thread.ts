import { createSourcesHost, createSourcesThread, type SourcesThread } from '@waybill/ingest';
import { changes, type FakeShop } from './fake-shop.ts';

/** A sources thread without a thread of its own: what goes over the line is copied, and comes later. `end` ends it as an error does. */
export interface TestThread extends SourcesThread {
  end(): void;
  /** How often it was started. */
  readonly starts: number;
}

/** Makes the thread that reads a shop. */
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
      const over = (to: (message: unknown) => void) => ({
        postMessage(message: unknown, transfer: readonly ArrayBuffer[] = []) {
          const copy: unknown = structuredClone(message, { transfer: [...transfer] });
          setImmediate(() => {
            if (alive) to(copy);
          });
        },
      });
      const host = createSourcesHost(over(heard), {
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
        ...over(host.heard),
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
