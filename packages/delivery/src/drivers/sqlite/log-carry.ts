import type { Carried, CarriedPage, CarriedWrite, Carry, Timer, TimerFilter } from '../../stores/log.ts';
import type { Database } from './database.ts';
import { createRowLeases, type RowLeases } from './leases.ts';

/** The tables for carries of sources and processors; part of the schema of the log. */
export const CARRY_TABLES = `
  CREATE TABLE owners (
    owner TEXT PRIMARY KEY,
    cursor TEXT,
    holder TEXT,
    held_until INTEGER,
    epoch INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TABLE carried (owner TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (owner, key)) WITHOUT ROWID;
  CREATE TABLE timers (
    owner TEXT NOT NULL,
    due INTEGER NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (owner, due, key)
  ) WITHOUT ROWID;`;

type Kept = Required<CarriedWrite>;

const KEPT_OF_ONE = 'SELECT key, value FROM carried WHERE owner = ? AND key = ?';
/** Reads the values of the keys in a JSON array: a call per key would cost three to twenty times as much. */
export const KEPT_OF_MANY = `
  SELECT carried.key, carried.value FROM json_each(?) AS wanted
  CROSS JOIN carried ON carried.owner = ? AND carried.key = wanted.value`;

/** Reads the due timers of an owner: one range of the table, however many others wait. */
export const DUE_TIMERS =
  'SELECT key, due, value FROM timers WHERE owner = ? AND due <= ? ORDER BY due, key LIMIT ?';

/** The values of sources and processors. */
export interface CarryTables {
  readonly leases: RowLeases;
  /** Call it within a transaction. */
  write(carry: Carry): void;
  carried(owner: string, keys: readonly string[]): Carried;
  carriedAfter(owner: string, page: CarriedPage): readonly Required<CarriedWrite>[];
  timers(owner: string, filter: TimerFilter): readonly Timer[];
}

/** Creates the tables of a database. */
export function createCarryTables(database: Database): CarryTables {
  return {
    leases: createRowLeases(database, { table: 'owners', column: 'owner' }),
    write({ lease: { key: owner }, cursor, state = [], timers = [] }) {
      if (cursor !== undefined) database.run('UPDATE owners SET cursor = ? WHERE owner = ?', cursor, owner);
      for (const { key, value } of state) {
        if (value === undefined) database.run('DELETE FROM carried WHERE owner = ? AND key = ?', owner, key);
        else
          database.run(
            'INSERT OR REPLACE INTO carried (owner, key, value) VALUES (?, ?, ?)',
            owner,
            key,
            value,
          );
      }
      for (const { key, due, value } of timers) {
        if (value === undefined)
          database.run('DELETE FROM timers WHERE owner = ? AND due = ? AND key = ?', owner, due, key);
        else
          database.run(
            'INSERT OR REPLACE INTO timers (owner, due, key, value) VALUES (?, ?, ?, ?)',
            owner,
            due,
            key,
            value,
          );
      }
    },
    carried(owner, keys) {
      const cursor = database.one<{ cursor: string | null }>(
        'SELECT cursor FROM owners WHERE owner = ?',
        owner,
      )?.cursor;
      const state = new Map<string, Uint8Array>();
      const isListed = (key: string): boolean => key.isWellFormed() && !key.includes('\0');
      const listed = keys.filter(isListed);
      if (listed.length > 0)
        for (const { key, value } of database.all<Kept>(KEPT_OF_MANY, JSON.stringify(listed), owner))
          state.set(key, value);
      // JSON would change these keys.
      for (const key of listed.length === keys.length ? [] : keys.filter((one) => !isListed(one))) {
        const row = database.one<Kept>(KEPT_OF_ONE, owner, key);
        if (row !== undefined) state.set(key, row.value);
      }
      return { state, ...(cursor === null || cursor === undefined ? {} : { cursor }) };
    },
    carriedAfter: (owner, { after = '', limit }) =>
      database
        .all<Required<CarriedWrite>>(
          'SELECT key, value FROM carried WHERE owner = ? AND key > ? ORDER BY key LIMIT ?',
          owner,
          after,
          limit,
        )
        .map(({ key, value }) => ({ key, value })),
    timers: (owner, { dueBy = Number.MAX_SAFE_INTEGER, limit }) =>
      database
        .all<Timer>(DUE_TIMERS, owner, dueBy, limit)
        .map(({ key, due, value }) => ({ key, due, value })),
  };
}
