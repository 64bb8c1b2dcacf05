import type { SQLInputValue } from 'node:sqlite';
import type { Database } from './database.ts';

/** A table whose rows can be leased: it has the columns `holder`, `held_until` and `epoch`. */
export interface LeasedTable {
  readonly table: 'lanes' | 'owners';
  /** The column that names a row. */
  readonly column: 'lane' | 'owner';
}

/** Leases of rows, by their key. Writes are called within a transaction. */
export interface RowLeases {
  /** Returns the new epoch; undefined while another holder has the row. */
  acquire(
    row: SQLInputValue,
    holder: string,
    times: { readonly now: number; readonly ttl: number },
  ): number | undefined;
  renew(row: SQLInputValue, epoch: number, until: number): boolean;
  release(row: SQLInputValue, epoch: number): void;
  /** Whether a later epoch has begun. */
  isStale(row: SQLInputValue, epoch: number): boolean;
}

/** Returns the leases of a table. */
export function createRowLeases(database: Database, { table, column }: LeasedTable): RowLeases {
  const epochOf = (row: SQLInputValue): number =>
    database.one<{ epoch: number }>(`SELECT epoch FROM ${table} WHERE ${column} = ?`, row)?.epoch ?? 0;
  const change = (sql: string, ...values: SQLInputValue[]): boolean =>
    Number(
      database.prepare(`UPDATE ${table} SET ${sql} WHERE ${column} = ? AND epoch = ?`).run(...values).changes,
    ) > 0;
  return {
    acquire(row, holder, { now, ttl }) {
      database.run(`INSERT INTO ${table} (${column}) VALUES (?) ON CONFLICT DO NOTHING`, row);
      return database.one<{ epoch: number }>(
        `UPDATE ${table} SET holder = ?1, held_until = ?2, epoch = epoch + 1
         WHERE ${column} = ?3 AND (holder IS NULL OR holder = ?1 OR held_until <= ?4) RETURNING epoch`,
        holder,
        now + ttl,
        row,
        now,
      )?.epoch;
    },
    renew: (row, epoch, until) => change('held_until = ?', until, row, epoch),
    release: (row, epoch) => void change('holder = NULL', row, epoch),
    isStale: (row, epoch) => epochOf(row) !== epoch,
  };
}
