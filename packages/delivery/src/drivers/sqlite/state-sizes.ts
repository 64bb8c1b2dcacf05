import type { StateSizes } from '../../stores/rows.ts';
import type { Database } from './database.ts';

/** The overhead of a row, in bytes. */
const ROW = 200;

const BYTES = {
  deadLetters: { table: 'dead_letters', texts: ['payload', 'message'] },
  exchanges: { table: 'exchanges', texts: ['request', 'response'] },
} as const;

const bytesOf = (texts: readonly string[], row: string): string =>
  [ROW, ...texts.map((text) => `octet_length(coalesce(${row}${text}, ''))`)].join(' + ');

/** Estimates a size: the average of the newest rows, times the possible number of rows. */
const estimated = (table: string, bytes: string): string =>
  `coalesce((SELECT avg(${bytes}) FROM (SELECT * FROM ${table} ORDER BY id DESC LIMIT 100))
     * ((SELECT max(id) FROM ${table}) - (SELECT min(id) FROM ${table}) + 1), 0)`;

/**
 * Bytes by kind, updated with the rows; part of the schema of the state. The sizes of an older folder are estimated: reading it
 * all would delay the start.
 */
export const SIZES_TABLE = `CREATE TABLE sizes (kind TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
  ${Object.entries(BYTES)
    .map(
      ([kind, { table, texts }]) => `
  INSERT INTO sizes SELECT '${kind}', CAST(${estimated(table, bytesOf(texts, ''))} AS INTEGER);
  CREATE TRIGGER ${table}_added AFTER INSERT ON ${table} BEGIN
    UPDATE sizes SET bytes = bytes + ${bytesOf(texts, 'new.')} WHERE kind = '${kind}';
  END;
  CREATE TRIGGER ${table}_removed AFTER DELETE ON ${table} BEGIN
    UPDATE sizes SET bytes = max(0, bytes - (${bytesOf(texts, 'old.')})) WHERE kind = '${kind}';
  END;`,
    )
    .join('')}`;

/** Returns the bytes of the state, without reading its content. */
export function stateSizes(database: Database, memoryRows: number): StateSizes {
  const pragma = (name: string): number =>
    Number(Object.values(database.one<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0);
  const counted = (kind: keyof typeof BYTES): number =>
    database.one<{ bytes: number }>('SELECT bytes FROM sizes WHERE kind = ?', kind)?.bytes ?? 0;
  const newest = database.one<{ bytes: number | null }>(
    `SELECT avg(octet_length(key) + octet_length(value) + 60) AS bytes FROM
       (SELECT key, value FROM memory ORDER BY id DESC LIMIT 100)`,
  )?.bytes;
  const span = database.one<{ rows: number | null }>(
    'SELECT (SELECT max(id) FROM memory) - (SELECT min(id) FROM memory) + 1 AS rows',
  )?.rows;
  const memory = Math.round((newest ?? 0) * Math.min(span ?? 0, memoryRows));
  const [deadLetters, exchanges] = [counted('deadLetters'), counted('exchanges')];
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  return {
    deadLetters,
    exchanges,
    memory,
    outcomes: Math.max(0, used - deadLetters - exchanges - memory),
    free: pragma('freelist_count') * pragma('page_size'),
  };
}
