import type { ExchangeRow } from '../../stores/rows.ts';
import type { Database, Statements } from './database.ts';
import { type Columns, insertRows } from './rows.ts';

/** How many exchanges are kept beside those that dead letters name. */
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

/** Removes exchanges that are old, and that no dead letter names, after some were written; returns up to where that has been done. */
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
