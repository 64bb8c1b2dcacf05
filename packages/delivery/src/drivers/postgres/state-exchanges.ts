import type { ExchangeRow } from '../../stores/rows.ts';
import type { Database, Statements } from './database.ts';
import { type Columns, insertRows } from './rows.ts';

/** The number of exchanges without a dead letter that are kept. */
export const KEPT_EXCHANGES = 10_000;

/** The columns of exchanges. */
export const EXCHANGES: Columns<ExchangeRow> = {
  id: ['bigint', (row) => row.id],
  destination: ['text', (row) => row.destination],
  at: ['bigint', (row) => row.at],
  duration_ms: ['float8', (row) => row.durationMs],
  request: ['text', (row) => JSON.stringify(row.request)],
  response: ['text', (row) => (row.response === undefined ? null : JSON.stringify(row.response))],
  failure: ['text', (row) => row.failure ?? null],
};

/** Writes exchanges; call it within a transaction. */
export async function writeExchanges(statements: Statements, rows: readonly ExchangeRow[]): Promise<void> {
  await insertRows(statements, 'exchanges', { columns: EXCHANGES, rows, end: 'ON CONFLICT DO NOTHING' });
}

/** Removes old exchanges without a dead letter, after some were written; returns the ID up to which that is done. */
export async function pruneExchanges(
  { run }: Database,
  written: readonly ExchangeRow[],
  prunedTo: number,
): Promise<number> {
  const limit = written.reduce((last, { id }) => Math.max(last, id), 0) - KEPT_EXCHANGES;
  // In strides: removing one row per settlement would cost more than it frees.
  if (limit < prunedTo + KEPT_EXCHANGES / 100) return prunedTo;
  await run(
    `DELETE FROM ~exchanges AS old WHERE id > $1 AND id <= $2
       AND NOT EXISTS (SELECT 1 FROM ~dead_letters WHERE exchange_ids @> ARRAY[old.id])`,
    prunedTo,
    limit,
  );
  return limit;
}
