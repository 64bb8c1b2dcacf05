import type { ErrorCode } from '@waybill/core';
import type { GapFilter, GapRow, OutcomeRow } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';

/** The table of gaps; part of the schema of the state. */
export const GAPS_TABLE = `CREATE TABLE gaps (
    lane INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    code INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (lane, first_seq)
  ) WITHOUT ROWID;`;

interface StoredGap {
  readonly lane: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly code: number;
  readonly at: number;
}

/** Stretches of the log that lanes gave up: one outcome for many events. Writes are called within a transaction. */
export interface Gaps {
  write(lane: number, gap: GapRow): void;
  /** Removes positions from the gaps of a lane, because they have another outcome now; returns their number. */
  cut(lane: number, first: number, last: number): number;
  /** Returns the outcomes of gaps for the positions from `first` to `last`. */
  within(first: number, last: number): readonly OutcomeRow[];
  list(filter: GapFilter): readonly GapRow[];
  /** Removes gaps up to a position. */
  forget(upTo: number): void;
  /** Discards the cache after a failed transaction. */
  reset(): void;
}

/** Returns the gaps of a database. */
export function createGaps(database: Database, names: Names): Gaps {
  /** The end of the last gap of each lane: nearly every outcome is after it. */
  const ends = new Map<number, number>();
  const newest = (lane: number): StoredGap | undefined =>
    database.one<StoredGap>('SELECT * FROM gaps WHERE lane = ? ORDER BY first_seq DESC LIMIT 1', lane);
  const endOf = (lane: number): number => {
    let end = ends.get(lane);
    if (end === undefined) ends.set(lane, (end = newest(lane)?.last_seq ?? 0));
    return end;
  };
  const insert = ({ lane, first_seq, last_seq, code, at }: StoredGap): void =>
    database.run(
      'INSERT INTO gaps (lane, first_seq, last_seq, code, at) VALUES (?, ?, ?, ?, ?)',
      lane,
      first_seq,
      last_seq,
      code,
      at,
    );
  const remove = ({ lane, first_seq }: StoredGap): void =>
    database.run('DELETE FROM gaps WHERE lane = ? AND first_seq = ?', lane, first_seq);
  const toGap = (row: StoredGap): GapRow => ({
    destination: names.text(row.lane),
    seq: row.first_seq,
    through: row.last_seq,
    code: names.text(row.code) as ErrorCode,
    at: row.at,
  });
  return {
    write(lane, { seq, through, code: word, at }) {
      const code = names.id(word);
      const before = newest(lane);
      const joins = before !== undefined && before.last_seq + 1 === seq && before.code === code;
      if (joins) remove(before);
      insert({ lane, first_seq: joins ? before.first_seq : seq, last_seq: through, code, at });
      ends.set(lane, through);
    },
    cut(lane, first, last) {
      if (first > endOf(lane)) return 0;
      const gaps = database.all<StoredGap>(
        'SELECT * FROM gaps WHERE lane = ? AND first_seq <= ? AND last_seq >= ?',
        lane,
        last,
        first,
      );
      let count = 0;
      for (const gap of gaps) {
        remove(gap);
        if (gap.first_seq < first) insert({ ...gap, last_seq: first - 1 });
        if (gap.last_seq > last) insert({ ...gap, first_seq: last + 1 });
        count += Math.min(gap.last_seq, last) - Math.max(gap.first_seq, first) + 1;
      }
      return count;
    },
    within: (first, last) =>
      database
        .all<StoredGap>('SELECT * FROM gaps WHERE first_seq <= ? AND last_seq >= ?', last, first)
        .map(toGap)
        .flatMap(({ destination, seq: begin, through, code, at }) => {
          const from = Math.max(first, begin);
          return Array.from({ length: Math.min(last, through) - from + 1 }, (_, index): OutcomeRow => ({
            destination,
            seq: from + index,
            mappingId: '',
            status: 'rejected',
            code,
            attempts: 0,
            at,
          }));
        }),
    list: ({ destination: lane, after = 0, limit = -1 }) =>
      database
        .all<StoredGap>(
          'SELECT * FROM gaps WHERE first_seq > ?1 AND (?2 IS NULL OR lane = ?2) ORDER BY first_seq LIMIT ?3',
          after,
          lane === undefined ? null : (names.find(lane) ?? -1),
          limit,
        )
        .map(toGap),
    forget: (upTo) => database.run('DELETE FROM gaps WHERE last_seq <= ?', upTo),
    reset: () => ends.clear(),
  };
}
