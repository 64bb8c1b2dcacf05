import type { Log, LoggedEvent } from '@waybill/delivery';
import { shared } from './told.ts';

/** Reads what comes after a position of a partition. */
export type ReadAfter = (after: number, partition: number) => Promise<readonly LoggedEvent[]>;

/** A log that several readers follow. */
export interface SharedRead {
  readonly readAfter: ReadAfter;
  /** There are new events: the end of the log is not where it was. */
  renew(): void;
  /** Lets go of what was read: those who read together have it. */
  clear(): void;
}

/** Events of one read, and about the bytes of their text. */
const CHUNK = 1_000;
const CHUNK_BYTES = 2_000_000;
/** Reads that are kept for those that come after the first. */
const MOST = 4;

/**
 * Has processors share what they read: an event is read and parsed once, not once by each. Reads end at the same positions whoever makes
 * them, so that readers who began apart come together. `onMore` is told when there may be more behind a read.
 */
export function createSharedRead(log: Pick<Log, 'read'>, onMore: () => void): SharedRead {
  let kept = new Map<string, { readonly events: Promise<readonly LoggedEvent[]>; readonly end: number }>();
  /** Counts the ends of the log that there were. */
  let end = 0;
  return {
    renew() {
      end += 1;
    },
    clear() {
      // The table of a cleared map holds on to the next one: what is dead by then would be copied by collections of young garbage.
      kept = new Map();
    },
    async readAfter(after, partition) {
      const key = `${partition} ${after}`;
      const limit = CHUNK - (after % CHUNK);
      const found = kept.get(key);
      if (found !== undefined) {
        if (found.end === end) return found.events;
        const events = await found.events.catch(() => []);
        // A whole one stays as it was read.
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
      // What failed once is read again.
      events.catch(() => kept.delete(key));
      return events;
    },
  };
}
