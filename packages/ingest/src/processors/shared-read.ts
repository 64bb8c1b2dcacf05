import type { Log, LoggedEvent } from '@waybill/delivery';
import { shared } from './told.ts';

/** Reads events after a position of a partition. */
export type ReadAfter = (after: number, partition: number) => Promise<readonly LoggedEvent[]>;

/** A log followed by several readers. */
export interface SharedRead {
  readonly readAfter: ReadAfter;
  /** Notifies of new events: the end of the log has moved. */
  renew(): void;
  /** Drops the cached reads: all readers of a round have them. */
  clear(): void;
}

/** The number of events per read, and the approximate bytes of their text. */
const CHUNK = 1_000;
const CHUNK_BYTES = 2_000_000;
/** The maximum number of cached reads. */
const MOST = 4;

/**
 * Shares reads between processors: an event is read and parsed once, not once by each. Reads end at the same positions for every
 * reader, so that readers that started apart converge. `onMore` is called when there may be more after a read.
 */
export function createSharedRead(log: Pick<Log, 'read'>, onMore: () => void): SharedRead {
  let kept = new Map<string, { readonly events: Promise<readonly LoggedEvent[]>; readonly end: number }>();
  /** Counts the known ends of the log. */
  let end = 0;
  return {
    renew() {
      end += 1;
    },
    clear() {
      // The table of a cleared map is reused by the next one: dead entries would be copied by the young-generation collector.
      kept = new Map();
    },
    async readAfter(after, partition) {
      const key = `${partition} ${after}`;
      const limit = CHUNK - (after % CHUNK);
      const found = kept.get(key);
      if (found !== undefined) {
        if (found.end === end) return found.events;
        const events = await found.events.catch(() => []);
        // A complete read stays cached.
        if (events.length >= limit) {
          onMore();
          return events;
        }
      }
      const events = log.read({ after, limit, maxBytes: CHUNK_BYTES, partition }).then((read) => {
        if (read.length >= limit) onMore();
        return read.map(shared);
      });
      kept.delete(key);
      kept.set(key, { events, end });
      const [oldest] = kept.keys();
      if (kept.size > MOST) kept.delete(oldest!);
      // A failed read is repeated.
      events.catch(() => kept.delete(key));
      return events;
    },
  };
}
