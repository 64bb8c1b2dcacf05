import type { Database } from './database.ts';
import { unlessDamaged } from './log-damage.ts';

/** Caches for stretches of the log whether all of their events exist, so that not each must be searched for. */
export interface Spans {
  /** Returns the arrival time of the oldest event of a stretch; undefined when an event is missing or unreadable. */
  since(first: number, last: number): number | undefined;
  /** Records that events up to a position may have been removed. */
  removed(through: number): void;
}

/** Creates the cache of a log. Each stretch is read once, so it must be complete. */
export function createSpans(database: Database): Spans {
  const known = new Map<number, number | undefined>();
  const read = (first: number, last: number): number | undefined => {
    const row = unlessDamaged(database, () =>
      database.one<{ events: number | null; at: number | null }>(
        `SELECT sum(last_seq - first_seq + 1) AS events, min(at) AS at FROM blocks
           WHERE first_seq >= ? AND first_seq <= ?`,
        first,
        last,
      ),
    );
    return row?.events === last - first + 1 ? (row.at ?? undefined) : undefined;
  };
  return {
    since(first, last) {
      if (!known.has(first)) known.set(first, read(first, last));
      return known.get(first);
    },
    removed(through) {
      for (const first of known.keys()) if (first <= through) known.delete(first);
    },
  };
}
