import type { FinalStatus, OutcomeRow } from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import type { Statements } from './database.ts';
import { type Columns, insertRows, unnest } from './rows.ts';
import { cutGaps, gapsAt } from './state-gaps.ts';
import { fromOutcome, type StoredOutcome, toOutcome } from './state-rows.ts';
import { overlap, remainders, type Stretch, stretchesOverlap } from './stretches.ts';

/** The change of the number of outcomes by status. */
export type OutcomeChange = Record<FinalStatus, number>;

/** The columns of outcomes. */
export const COLUMNS: Columns<StoredOutcome> = {
  destination: ['text', (row) => row.destination],
  mapping_id: ['text', (row) => row.mapping_id],
  first: ['bigint', (row) => row.first],
  last: ['bigint', (row) => row.last],
  status: ['text', (row) => row.status],
  attempts: ['int', (row) => row.attempts],
  at: ['bigint', (row) => row.at],
  code: ['text', (row) => row.code],
  message: ['text', (row) => row.message],
  field: ['text', (row) => row.field],
  exchange_id: ['bigint', (row) => row.exchange_id],
  mapping_version: ['int', (row) => row.mapping_version],
};

/** Stretches of positions of a mapping. */
export interface MappingStretch extends Stretch {
  readonly mapping_id: string;
}

const STRETCHES: Columns<MappingStretch> = {
  mapping_id: ['text', (one) => one.mapping_id],
  first: ['bigint', (one) => one.first],
  last: ['bigint', (one) => one.last],
};

/** Writes outcomes of a lane; they replace earlier ones of the same deliveries. Call it within a transaction. */
export async function writeOutcomes(
  statements: Statements,
  lane: LaneKey,
  outcomes: readonly OutcomeRow[],
): Promise<OutcomeChange> {
  const change = { delivered: 0, skipped: 0, rejected: 0 };
  const rows = outcomes.map(fromOutcome);
  const byMapping = Map.groupBy(rows, ({ mapping_id }) => mapping_id);
  // The last of several outcomes of the same delivery stays, so they are written one after the other.
  const inTurn = [...byMapping.values()].some(stretchesOverlap);
  for (const batch of inTurn ? rows.map((row) => [row]) : [rows])
    await writeBatch(statements, lane, batch, change);
  return change;
}

async function writeBatch(
  statements: Statements,
  lane: LaneKey,
  rows: readonly StoredOutcome[],
  change: OutcomeChange,
): Promise<void> {
  if (rows.length === 0) return;
  for (const { status, first, last } of rows) change[status] += last - first + 1;
  change.rejected -= await cutGaps(statements, lane, rows);
  const mappings = [...new Set(rows.map(({ mapping_id }) => mapping_id))];
  const ends = await statements.all<{ mapping_id: string; last: number | null }>(
    `SELECT given.mapping_id, (SELECT last FROM ~outcomes AS old WHERE old.destination = $1 AND old.mapping_id = given.mapping_id
       ORDER BY first DESC LIMIT 1) AS last FROM unnest($2::text[]) AS given (mapping_id)`,
    lane.destination,
    mappings,
  );
  const endOf = new Map(ends.map(({ mapping_id, last }) => [mapping_id, last ?? 0]));
  // A step nearly always writes after all existing rows.
  const behind = rows.filter(({ mapping_id, first }) => first <= (endOf.get(mapping_id) ?? 0));
  if (behind.length > 0) await takeOutcomes(statements, lane.destination, behind, change);
  await insertRows(statements, 'outcomes', { columns: COLUMNS, rows });
  const fresh = ends.filter(({ last }) => last === null).map(({ mapping_id }) => mapping_id);
  if (fresh.length > 0)
    await statements.run(
      'INSERT INTO ~kinds SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
      lane.destination,
      fresh,
    );
}

/** Removes the outcomes of stretches from their rows; call it within a transaction. */
export async function takeOutcomes(
  statements: Statements,
  destination: string,
  stretches: readonly MappingStretch[],
  change: OutcomeChange,
): Promise<void> {
  const { text, values } = unnest(STRETCHES, stretches, 2);
  const held = await statements.all<StoredOutcome>(
    `SELECT DISTINCT ON (old.mapping_id, old.first) old.* FROM ${text} CROSS JOIN LATERAL (
       (SELECT * FROM ~outcomes AS before WHERE before.destination = $1 AND before.mapping_id = given.mapping_id
          AND before.first < given.first ORDER BY before.first DESC LIMIT 1)
       UNION ALL
       (SELECT * FROM ~outcomes AS within WHERE within.destination = $1 AND within.mapping_id = given.mapping_id
          AND within.first BETWEEN given.first AND given.last)
     ) AS old WHERE old.last >= given.first ORDER BY old.mapping_id, old.first`,
    destination,
    ...values,
  );
  if (held.length === 0) return;
  const byMapping = Map.groupBy(stretches, ({ mapping_id }) => mapping_id);
  const left: StoredOutcome[] = [];
  for (const row of held) {
    const taken = byMapping.get(row.mapping_id) ?? [];
    change[row.status] -= overlap(row, taken);
    left.push(...remainders(row, taken).map((part) => ({ ...row, ...part })));
  }
  const gone = unnest(STRETCHES, held, 2);
  await statements.run(
    `DELETE FROM ~outcomes AS old USING ${gone.text}
     WHERE old.destination = $1 AND old.mapping_id = given.mapping_id AND old.first = given.first`,
    destination,
    ...gone.values,
  );
  await insertRows(statements, 'outcomes', { columns: COLUMNS, rows: left });
}

/** Returns the outcomes of positions, including those of gaps. */
export async function findOutcomes(
  statements: Statements,
  seqs: readonly number[],
): Promise<readonly OutcomeRow[]> {
  if (seqs.length === 0) return [];
  const rows = await statements.all<StoredOutcome & { seq: number }>(
    `SELECT given.seq, found.* FROM unnest($1::bigint[]) WITH ORDINALITY AS given (seq, place) CROSS JOIN ~kinds AS kinds
     CROSS JOIN LATERAL (SELECT * FROM ~outcomes AS one WHERE one.destination = kinds.destination
       AND one.mapping_id = kinds.mapping_id AND one.first <= given.seq ORDER BY one.first DESC LIMIT 1) AS found
     WHERE found.last >= given.seq ORDER BY place, found.destination, found.mapping_id`,
    seqs,
  );
  return [...rows.map((row) => toOutcome(row, row.seq)), ...(await gapsAt(statements, seqs))];
}

/** Returns a position after which a destination has no outcomes or waiting rows. */
export async function lastKnown({ one }: Statements, destination: string): Promise<number> {
  const row = await one<{ last: number | null }>(
    `SELECT greatest(
       (SELECT max(newest.last) FROM ~kinds AS kinds CROSS JOIN LATERAL (SELECT last FROM ~outcomes AS one
          WHERE one.destination = kinds.destination AND one.mapping_id = kinds.mapping_id ORDER BY first DESC LIMIT 1) AS newest
        WHERE kinds.destination = $1),
       (SELECT max(last) FROM ~gaps WHERE destination = $1),
       (SELECT max(seq) FROM ~retries)) AS last`,
    destination,
  );
  return row?.last ?? 0;
}
