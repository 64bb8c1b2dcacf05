import type { ErrorCode } from '@waybill/core';
import type { GapFilter, GapRow, OutcomeRow } from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import type { Statements } from './database.ts';
import { type Columns, insertRows, unnest } from './rows.ts';
import { overlap, remainders, type Stretch } from './stretches.ts';

interface StoredGap extends Stretch {
  readonly destination: string;
  readonly partition: number;
  readonly code: ErrorCode;
  readonly at: number;
}

const COLUMNS: Columns<StoredGap> = {
  destination: ['text', (row) => row.destination],
  partition: ['smallint', (row) => row.partition],
  first: ['bigint', (row) => row.first],
  last: ['bigint', (row) => row.last],
  code: ['text', (row) => row.code],
  at: ['bigint', (row) => row.at],
};

const STRETCHES: Columns<Stretch> = {
  first: ['bigint', (one) => one.first],
  last: ['bigint', (one) => one.last],
};

/** Writes a gap, merged with the one before it if adjacent. Call it within a transaction. */
export async function writeGap(
  statements: Statements,
  { destination, partition }: LaneKey,
  { seq, through, code, at }: GapRow,
): Promise<void> {
  const joined = await statements.run(
    `UPDATE ~gaps SET last = $4, at = $6 WHERE destination = $1 AND partition = $2 AND last = $3 - 1 AND code = $5
       AND first = (SELECT max(first) FROM ~gaps WHERE destination = $1 AND partition = $2)`,
    destination,
    partition,
    seq,
    through,
    code,
    at,
  );
  if (joined > 0) return;
  const row = { destination, partition, first: seq, last: through, code, at };
  await insertRows(statements, 'gaps', { columns: COLUMNS, rows: [row] });
}

/** Removes positions from the gaps of a lane, because they have another outcome now; returns their number. */
export async function cutGaps(
  statements: Statements,
  { destination, partition }: LaneKey,
  given: readonly Stretch[],
): Promise<number> {
  const end = await statements.one<{ last: number }>(
    'SELECT last FROM ~gaps WHERE destination = $1 AND partition = $2 ORDER BY first DESC LIMIT 1',
    destination,
    partition,
  );
  const stretches = joined(given.filter(({ first }) => first <= (end?.last ?? 0)));
  if (stretches.length === 0) return 0;
  const { text, values } = unnest(STRETCHES, stretches, 3);
  const held = await statements.all<StoredGap>(
    `DELETE FROM ~gaps AS old USING ${text} WHERE old.destination = $1 AND old.partition = $2
       AND old.first <= given.last AND old.last >= given.first RETURNING old.*`,
    destination,
    partition,
    ...values,
  );
  const rows = held.flatMap((gap) => remainders(gap, stretches).map((part) => ({ ...gap, ...part })));
  await insertRows(statements, 'gaps', { columns: COLUMNS, rows });
  return held.reduce((sum, gap) => sum + overlap(gap, stretches), 0);
}

/** The same positions as disjoint stretches: several mappings have outcomes of one event. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { first, last } of stretches.toSorted((a, b) => a.first - b.first)) {
    const before = found.at(-1);
    if (before === undefined || first > before.last) found.push({ first, last });
    else found[found.length - 1] = { first: before.first, last: Math.max(before.last, last) };
  }
  return found;
}

/** Returns the outcomes of positions in gaps. */
export async function gapsAt({ all }: Statements, seqs: readonly number[]): Promise<readonly OutcomeRow[]> {
  const rows = await all<StoredGap & { seq: number }>(
    `SELECT given.seq, gaps.* FROM unnest($1::bigint[]) AS given (seq) JOIN ~gaps AS gaps
       ON gaps.first <= given.seq AND gaps.last >= given.seq`,
    seqs,
  );
  return rows.map(({ destination, seq, code, at }) => ({
    destination,
    seq,
    mappingId: '',
    status: 'rejected',
    code,
    attempts: 0,
    at,
  }));
}

/** Returns gaps by position. */
export async function findGaps(
  { all }: Statements,
  { destination, after = 0, limit }: GapFilter,
): Promise<readonly GapRow[]> {
  const rows = await all<StoredGap>(
    `SELECT * FROM ~gaps WHERE first > $1 AND ($2::text IS NULL OR destination = $2) ORDER BY first, destination LIMIT $3`,
    after,
    destination ?? null,
    limit ?? null,
  );
  return rows.map(({ destination: of, first, last, code, at }) => ({
    destination: of,
    seq: first,
    through: last,
    code,
    at,
  }));
}
