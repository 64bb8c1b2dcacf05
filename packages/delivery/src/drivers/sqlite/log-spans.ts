import type { Database } from './database.ts';
import { unlessDamaged } from './log-damage.ts';

/** Knows of stretches of the log whether all of their events are there, so that not each has to be looked for. */
export interface Spans {
  /** When the oldest event of a stretch arrived; undefined when an event of it is missing or cannot be read. */
  since(first: number, last: number): number | undefined;
  /** Says that events up to a position may have been removed. */
  removed(through: number): void;
}

/** The stretches of a log. They are read once each: they must have been written whole. */
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
