import type { Event } from '@waybill/core';
import type { Correction, CorrectionRow } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';

/** An item as identified in the file. */
interface StoredItem {
  readonly seq: number;
  readonly lane: number;
  readonly mapping: number;
}

/** Stores the correction of an item; within the transaction that replays it. */
export function writeCorrection(
  database: Database,
  { seq, lane, mapping }: StoredItem,
  { event }: Pick<Correction, 'event'>,
  at: number,
): void {
  database.run(
    'INSERT OR REPLACE INTO corrections (seq, lane, mapping, event, at) VALUES (?, ?, ?, ?, ?)',
    seq,
    lane,
    mapping,
    JSON.stringify(event),
    at,
  );
}

/** Corrections of the items of events. There are few, usually none: scanning the index costs less than a query for each. */
export function findCorrections(
  database: Database,
  names: Names,
  seqs: readonly number[],
): readonly CorrectionRow[] {
  if (seqs.length === 0) return [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const seq of seqs) [first, last] = [Math.min(first, seq), Math.max(last, seq)];
  const within = database.all<StoredItem>(
    'SELECT seq, lane, mapping FROM corrections WHERE seq BETWEEN ? AND ? ORDER BY seq, lane, mapping',
    first,
    last,
  );
  if (within.length === 0) return [];
  const wanted = new Set(seqs);
  return within
    .filter(({ seq }) => wanted.has(seq))
    .flatMap(({ seq, lane, mapping }) =>
      database
        .all<{ event: string; at: number }>(
          'SELECT event, at FROM corrections WHERE seq = ? AND lane = ? AND mapping = ?',
          seq,
          lane,
          mapping,
        )
        .map(({ event, at }) => ({
          destination: names.text(lane),
          seq,
          mappingId: names.text(mapping),
          event: JSON.parse(event) as Event,
          at,
        })),
    );
}

/** Removes the corrections of a stretch of the log; call it within a transaction. */
export function forgetCorrections(database: Database, first: number, last: number): void {
  database.run('DELETE FROM corrections WHERE seq BETWEEN ? AND ?', first, last);
}
