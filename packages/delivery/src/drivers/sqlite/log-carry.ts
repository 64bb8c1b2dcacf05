import type {
  Carried,
  CarriedPage,
  CarriedWrite,
  Carry,
  Timer,
  TimerFilter,
  TimerWrite,
} from '../../stores/log.ts';
import type { Database } from './database.ts';
import { createRowLeases, type RowLeases } from './leases.ts';
import type { Names } from './names.ts';

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

/**
 * The values that several owners write under the same key in one commit, by key first: those of one key share a page. Keys are often
 * random, and every page that a commit changes is written as a whole. A value is here or in `carried`, never in both.
 */
export const COMMON_TABLES = `
  CREATE TABLE common_values (
    key TEXT NOT NULL,
    owner INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (key, owner)
  ) WITHOUT ROWID;
  CREATE TABLE common_owners (owner INTEGER PRIMARY KEY);`;

type Kept = Required<CarriedWrite>;

/** The maximum size of a common value in bytes: larger ones fill pages of their own. */
const MOST_COMMON = 100;

/** Reads the common values of the keys in a JSON array. */
export const COMMON_OF_MANY = `
  SELECT common_values.key, common_values.value FROM json_each(?) AS wanted
  CROSS JOIN common_values ON common_values.key = wanted.value AND common_values.owner = ?`;

const COMMON_OF_ONE = 'SELECT key, value FROM common_values WHERE owner = ? AND key = ?';

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
  /** Writes the carries of a commit, except stale ones; returns whether each is stale. Call it within a transaction. */
  write(carries: readonly (Carry | undefined)[]): readonly boolean[];
  /** Discards the cache after a failed transaction. */
  reset(): void;
  carried(owner: string, keys: readonly string[]): Carried;
  carriedAfter(owner: string, page: CarriedPage): readonly Required<CarriedWrite>[];
  timers(owner: string, filter: TimerFilter): readonly Timer[];
}

/** Creates the tables of a database. */
export function createCarryTables(database: Database, names: Names): CarryTables {
  const leases = createRowLeases(database, { table: 'owners', column: 'owner' });
  /** The numbers of owners with common values. */
  const commonOwners = new Map<string, number>();
  const commonNumber = (owner: string): number | undefined => {
    const known = commonOwners.get(owner);
    if (known !== undefined) return known;
    const number = names.find(owner);
    if (number === undefined) return undefined;
    const row = database.one('SELECT owner FROM common_owners WHERE owner = ?', number);
    if (row === undefined) return undefined;
    commonOwners.set(owner, number);
    return number;
  };
  const addCommonOwner = (owner: string): number => {
    const known = commonNumber(owner);
    if (known !== undefined) return known;
    const number = names.id(owner);
    database.run('INSERT INTO common_owners (owner) VALUES (?)', number);
    commonOwners.set(owner, number);
    return number;
  };

  const writeCommon = (owner: string, key: string, value: Uint8Array): void => {
    database.run('DELETE FROM carried WHERE owner = ? AND key = ?', owner, key);
    database.run(
      'INSERT OR REPLACE INTO common_values (key, owner, value) VALUES (?, ?, ?)',
      key,
      addCommonOwner(owner),
      value,
    );
  };
  const writeOwn = (owner: string, { key, value }: CarriedWrite): void => {
    const number = commonNumber(owner);
    if (number !== undefined)
      database.run('DELETE FROM common_values WHERE key = ? AND owner = ?', key, number);
    if (value === undefined) database.run('DELETE FROM carried WHERE owner = ? AND key = ?', owner, key);
    else
      database.run('INSERT OR REPLACE INTO carried (owner, key, value) VALUES (?, ?, ?)', owner, key, value);
  };
  const writeTimer = (owner: string, { key, due, value }: TimerWrite): void => {
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
  };
  /** Reads a value of one key. */
  const valueOf = (owner: string, number: number | undefined, key: string): Uint8Array | undefined => {
    const own = database.one<Kept>(KEPT_OF_ONE, owner, key);
    if (own !== undefined || number === undefined) return own?.value;
    return database.one<Kept>(COMMON_OF_ONE, number, key)?.value;
  };

  return {
    leases,
    reset: () => commonOwners.clear(),
    write(carries) {
      const common = commonKeys(carries);
      return carries.map((carry) => {
        if (carry === undefined) return false;
        const { lease, cursor, state = [], timers = [] } = carry;
        const { key: owner, epoch } = lease;
        if (leases.isStale(owner, epoch)) return true;
        if (cursor !== undefined) database.run('UPDATE owners SET cursor = ? WHERE owner = ?', cursor, owner);
        for (const row of state)
          if (isSmall(row.value) && common.has(row.key)) writeCommon(owner, row.key, row.value);
          else writeOwn(owner, row);
        for (const timer of timers) writeTimer(owner, timer);
        return false;
      });
    },
    carried(owner, keys) {
      const cursor = database.one<{ cursor: string | null }>(
        'SELECT cursor FROM owners WHERE owner = ?',
        owner,
      )?.cursor;
      const state = new Map<string, Uint8Array>();
      const isListed = (key: string): boolean => key.isWellFormed() && !key.includes('\0');
      const listed = keys.filter(isListed);
      const number = keys.length === 0 ? undefined : commonNumber(owner);
      if (listed.length > 0) {
        const wanted = JSON.stringify(listed);
        // In one statement: a commit in between could move a value from one table to the other.
        const rows =
          number === undefined
            ? database.all<Kept>(KEPT_OF_MANY, wanted, owner)
            : database.all<Kept>(
                `${KEPT_OF_MANY} UNION ALL ${COMMON_OF_MANY}`,
                wanted,
                owner,
                wanted,
                number,
              );
        for (const { key, value } of rows) state.set(key, value);
      }
      // JSON would change these keys.
      for (const key of listed.length === keys.length ? [] : keys.filter((one) => !isListed(one))) {
        const value = valueOf(owner, number, key);
        if (value !== undefined) state.set(key, value);
      }
      return { state, ...(cursor === null || cursor === undefined ? {} : { cursor }) };
    },
    carriedAfter(owner, { after = '', limit }) {
      const number = commonNumber(owner);
      const own = 'SELECT key, value FROM carried WHERE owner = ? AND key > ?';
      const rows =
        number === undefined
          ? database.all<Kept>(`${own} ORDER BY key LIMIT ?`, owner, after, limit)
          : database.all<Kept>(
              `${own} UNION ALL SELECT key, value FROM common_values WHERE owner = ? AND key > ? ORDER BY key LIMIT ?`,
              owner,
              after,
              number,
              after,
              limit,
            );
      return rows.map(({ key, value }) => ({ key, value }));
    },
    timers: (owner, { dueBy = Number.MAX_SAFE_INTEGER, limit }) =>
      database
        .all<Timer>(DUE_TIMERS, owner, dueBy, limit)
        .map(({ key, due, value }) => ({ key, due, value })),
  };
}

/** The keys under which several owners write small values. */
function commonKeys(carries: readonly (Carry | undefined)[]): ReadonlySet<string> {
  const common = new Set<string>();
  const seen = new Map<string, string>();
  for (const carry of carries)
    for (const { key, value } of carry?.state ?? []) {
      if (!isSmall(value)) continue;
      const owner = carry!.lease.key;
      const other = seen.get(key);
      if (other === undefined) seen.set(key, owner);
      else if (other !== owner) common.add(key);
    }
  return common;
}

function isSmall(value: Uint8Array | undefined): value is Uint8Array {
  return value !== undefined && value.length <= MOST_COMMON;
}
