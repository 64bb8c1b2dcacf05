import type { Settlement } from '../../stores/rows.ts';
import type { Statements } from './database.ts';
import { unnest } from './rows.ts';
import { EXCHANGES } from './state-exchanges.ts';
import { COLUMNS } from './state-outcomes.ts';
import { fromOutcome } from './state-rows.ts';
import { stretchesOverlap } from './stretches.ts';

/** The number of recent settlements that a lane recognises. */
export const RECENT = 16;

const OUTCOMES_FROM = 10;
const EXCHANGES_FROM = OUTCOMES_FROM + Object.keys(COLUMNS).length;
const OUTCOMES = Object.keys(COLUMNS).join(', ');

/*
 * The positions must have neither an outcome nor a gap. For each stretch, only the row that begins before its end is inspected,
 * because rows are disjoint.
 */
const FRESH = `coalesce((SELECT last FROM ~gaps WHERE destination = $1 AND partition = $2::smallint ORDER BY first DESC LIMIT 1), 0)
    < coalesce((SELECT min(first) FROM given), 9007199254740991)
  AND NOT EXISTS (SELECT 1 FROM given CROSS JOIN LATERAL (SELECT old.last FROM ~outcomes AS old WHERE old.destination = $1
    AND old.mapping_id = given.mapping_id AND old.first <= given.last ORDER BY old.first DESC LIMIT 1) AS held WHERE held.last >= given.first)
  AND NOT EXISTS (SELECT 1 FROM given WHERE NOT EXISTS (SELECT 1 FROM ~kinds AS kinds
    WHERE kinds.destination = $1 AND kinds.mapping_id = given.mapping_id))`;

/**
 * Applies a settlement that consists of outcomes and a cursor only, in one statement; nearly all do. False when it changed
 * nothing: it contains more, another holder has the lane, it was applied before, or the events have outcomes already.
 */
export async function settlePlain(
  { often }: Statements,
  settlement: Settlement,
  mark: string,
): Promise<boolean> {
  const { destination, partition = 0, epoch, cursor, exchanges = [] } = settlement;
  if (!isPlain(settlement)) return false;
  const rows = (settlement.outcomes ?? []).map(fromOutcome);
  const byMapping = Map.groupBy(rows, ({ mapping_id }) => mapping_id);
  if ([...byMapping.values()].some(stretchesOverlap)) return false;
  const change = { delivered: 0, skipped: 0, rejected: 0 };
  for (const { status, first, last } of rows) change[status] += last - first + 1;
  const given = unnest(COLUMNS, rows, OUTCOMES_FROM);
  const kept = unnest(EXCHANGES, exchanges, EXCHANGES_FROM);
  const found = await often<{ settled: number }>(
    `WITH given AS MATERIALIZED (SELECT * FROM ${given.text}), lane AS (
       UPDATE ~lanes SET settled = true, removed = removed AND $4::bigint IS NULL, cursor = coalesce($4::bigint, cursor),
         delivered = delivered + $6, skipped = skipped + $7, rejected = rejected + $8,
         recent = (array_prepend($5::uuid, recent))[1:$9]
       WHERE destination = $1 AND partition = $2::smallint AND ($3::bigint IS NULL OR epoch = $3)
         AND NOT recent @> ARRAY[$5::uuid] AND ${FRESH}
       RETURNING 1
     ), stored AS (INSERT INTO ~outcomes (${OUTCOMES}) SELECT ${OUTCOMES} FROM given CROSS JOIN lane),
     kept AS (INSERT INTO ~exchanges (${kept.names}) SELECT ${kept.names} FROM ${kept.text} CROSS JOIN lane
       ON CONFLICT DO NOTHING)
     SELECT count(*)::int AS settled FROM lane`,
    destination,
    partition,
    epoch ?? null,
    cursor ?? null,
    mark,
    change.delivered,
    change.skipped,
    change.rejected,
    RECENT,
    ...given.values,
    ...kept.values,
  );
  return found?.settled === 1;
}

/** Whether a settlement has only outcomes, exchanges and a cursor. */
function isPlain({
  retries = [],
  removedRetries = [],
  gaps = [],
  deadLetters = [],
  memory = [],
  conflicts = [],
}: Settlement): boolean {
  return [retries, removedRetries, gaps, deadLetters, memory, conflicts].every(({ length }) => length === 0);
}
