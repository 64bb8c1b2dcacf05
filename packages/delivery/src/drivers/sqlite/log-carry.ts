import type {
  Carried,
  CarriedOf,
  CarriedPage,
  CarriedWrite,
  Carry,
  Timer,
  TimerFilter,
  TimerWrite,
} from '../../stores/log.ts';
import { type CommonChanges, type CommonRow, mergedRow, valuesIn } from './common-rows.ts';
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

/** A row of `common_rows`, or of `carried` with its owner. */
type FoundRow = CommonRow & { readonly id: number; readonly key: string; readonly owner: string | null };

/** Strings in a statement: as a JSON array, or a single one that JSON would change. */
const LIST = 'json_each(?)';
const SINGLE = '(SELECT ? AS value)';

/**
 * Returns the statement that reads values from `carried`: those of some owners under some keys. A call per key would cost three to
 * twenty times as much; owners without any value there are not looked up by key.
 */
export function ownOfMany(owners = LIST, keys = LIST): string {
  return `
    SELECT NULL AS id, carried.key, carried.owner, NULL AS layout, carried.value AS bytes FROM ${owners} AS owners
    CROSS JOIN ${keys} AS wanted
    CROSS JOIN carried ON carried.owner = owners.value AND carried.key = wanted.value
    WHERE (SELECT 1 FROM carried AS theirs WHERE theirs.owner = owners.value LIMIT 1) IS NOT NULL`;
}

/** Returns the statement that reads the common rows of some keys. */
export function commonOfMany(keys = LIST): string {
  return `
    SELECT common_rows.id, common_rows.key, NULL AS owner, layout, bytes FROM ${keys} AS wanted
    CROSS JOIN common_rows ON common_rows.key = wanted.value`;
}

/** Reads the due timers of an owner: one range of the table, however many others wait. */
export const DUE_TIMERS =
  'SELECT key, due, value FROM timers WHERE owner = ? AND due <= ? ORDER BY due, key LIMIT ?';

/** The minimum number of common rows that are searched at a time for those of an owner. */
const SEARCHED = 200;

/** A part of the values of an owner. */
export interface CarriedPart {
  readonly rows: readonly Required<CarriedWrite>[];
  /** The last searched key, when there may be more. */
  readonly next?: string;
}

/** The values of sources and processors. */
export interface CarryTables {
  readonly leases: RowLeases;
  /** Writes the carries of a commit, except stale ones; returns whether each is stale. Call it within a transaction. */
  write(carries: readonly (Carry | undefined)[]): readonly boolean[];
  /** Discards the cache after a failed transaction. */
  reset(): void;
  carried(owner: string, keys: readonly string[]): Carried;
  carriedOf(owners: readonly string[], keys: readonly string[]): CarriedOf;
  /** Returns values of an owner in the order of their keys, after a search of limited length. */
  carriedAfter(owner: string, page: CarriedPage): CarriedPart;
  timers(owner: string, filter: TimerFilter): readonly Timer[];
}

/** Creates the tables of a database. */
export function createCarryTables(database: Database, names: Names): CarryTables {
  const leases = createRowLeases(database, { table: 'owners', column: 'owner' });
  /** The numbers of owners with common rows. */
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
  /** Whether owners with common rows have values in `carried` too, as far as known. */
  const ownOwners = new Map<string, boolean>();
  const hasOwn = (owner: string): boolean => {
    let known = ownOwners.get(owner);
    if (known === undefined) {
      known = database.one('SELECT 1 FROM carried WHERE owner = ? LIMIT 1', owner) !== undefined;
      ownOwners.set(owner, known);
    }
    return known;
  };

  const writeOwn = (owner: string, { key, value }: CarriedWrite): void => {
    if (value === undefined) database.run('DELETE FROM carried WHERE owner = ? AND key = ?', owner, key);
    else
      database.run('INSERT OR REPLACE INTO carried (owner, key, value) VALUES (?, ?, ?)', owner, key, value);
  };
  const writeCommon = (key: string, before: FoundRow | undefined, changes: CommonChanges): void => {
    const { row, large } = mergedRow(before, changes);
    for (const owner of [...changes.keys()].map(names.text)) if (hasOwn(owner)) writeOwn(owner, { key });
    for (const { owners, value } of large)
      for (const owner of owners.map(names.text)) {
        writeOwn(owner, { key, value });
        ownOwners.set(owner, true);
      }
    if (row === undefined) {
      if (before !== undefined) database.run('DELETE FROM common_rows WHERE id = ?', before.id);
      return;
    }
    const { layout, bytes } = row;
    if (before === undefined)
      database.run('INSERT INTO common_rows (key, layout, bytes) VALUES (?, ?, ?)', key, layout, bytes);
    else database.run('UPDATE common_rows SET layout = ?, bytes = ? WHERE id = ?', layout, bytes, before.id);
  };
  const commonRows = (keys: readonly string[]): readonly FoundRow[] =>
    listsOf(keys).flatMap(([wanted, all]) => database.all<FoundRow>(commonOfMany(wanted), all));
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

  /** Reads common rows, and values of these owners in `carried`. In one statement: a commit can move values from one to the other. */
  const rowsOf = (
    owners: readonly string[],
    keys: readonly string[],
    hasCommon: boolean,
  ): readonly FoundRow[] =>
    listsOf(keys).flatMap(([wanted, all]) =>
      listsOf(owners).flatMap(([from, theirs]) => {
        const own = ownOfMany(from, wanted);
        if (!hasCommon) return database.all<FoundRow>(own, theirs, all);
        return database.all<FoundRow>(`${commonOfMany(wanted)} UNION ALL ${own}`, all, theirs, all);
      }),
    );
  const carriedOf = (owners: readonly string[], keys: readonly string[]): CarriedOf => {
    const found = new Map(owners.map((owner) => [owner, new Map<string, Uint8Array>()]));
    const hasCommon = owners.some((owner) => commonNumber(owner) !== undefined);
    for (const { key, owner, layout, bytes } of rowsOf(owners, keys, hasCommon))
      if (owner !== null) found.get(owner)?.set(key, bytes);
      else
        for (const { owners: theirs, value } of valuesIn({ layout, bytes }))
          for (const number of theirs) found.get(names.text(number))?.set(key, value);
    return found;
  };

  return {
    leases,
    reset() {
      commonOwners.clear();
      ownOwners.clear();
    },
    write(carries) {
      const common = new Map<string, Map<number, Uint8Array | undefined>>();
      const stale = carries.map((carry) => {
        if (carry === undefined) return false;
        const { lease, cursor, state = [], timers = [], sharesKeys = false } = carry;
        const { key: owner, epoch } = lease;
        if (leases.isStale(owner, epoch)) return true;
        if (cursor !== undefined) database.run('UPDATE owners SET cursor = ? WHERE owner = ?', cursor, owner);
        const number = sharesKeys ? addCommonOwner(owner) : commonNumber(owner);
        if (number === undefined) for (const row of state) writeOwn(owner, row);
        else for (const { key, value } of state) changesOf(common, key).set(number, value);
        for (const timer of timers) writeTimer(owner, timer);
        return false;
      });
      const before = new Map(commonRows([...common.keys()]).map((row) => [row.key, row]));
      for (const [key, changes] of common) writeCommon(key, before.get(key), changes);
      return stale;
    },
    carriedOf,
    carried(owner, keys) {
      const cursor = database.one<{ cursor: string | null }>(
        'SELECT cursor FROM owners WHERE owner = ?',
        owner,
      )?.cursor;
      const state = carriedOf([owner], keys).get(owner)!;
      return { state, ...(cursor === null || cursor === undefined ? {} : { cursor }) };
    },
    carriedAfter(owner, { after = '', limit }) {
      const number = commonNumber(owner);
      const searched = Math.max(SEARCHED, limit);
      // First: another owner's commit can move a value from here to `carried`, but none moves one back.
      const common =
        number === undefined
          ? []
          : database.all<FoundRow>(
              'SELECT key, layout, bytes FROM common_rows WHERE key > ? ORDER BY key LIMIT ?',
              after,
              searched,
            );
      const last = common.length < searched ? undefined : common.at(-1)!.key;
      const until = last === undefined ? '' : 'AND key <= ?';
      const own = database.all<Required<CarriedWrite>>(
        `SELECT key, value FROM carried WHERE owner = ? AND key > ? ${until} ORDER BY key LIMIT ?`,
        ...[owner, after, ...(last === undefined ? [] : [last]), limit],
      );
      const values = new Map<string, Uint8Array>();
      for (const row of common) {
        const theirs = valuesIn(row).find(({ owners }) => owners.includes(number!));
        if (theirs !== undefined) values.set(row.key, theirs.value);
      }
      for (const { key, value } of own) values.set(key, value);
      const all = [...values].map(([key, value]) => ({ key, value })).sort(byKey);
      const isPart = last !== undefined && all.length < limit;
      return { rows: all.slice(0, limit), ...(isPart ? { next: last } : {}) };
    },
    timers: (owner, { dueBy = Number.MAX_SAFE_INTEGER, limit }) =>
      database
        .all<Timer>(DUE_TIMERS, owner, dueBy, limit)
        .map(({ key, due, value }) => ({ key, due, value })),
  };
}

/** Returns the changes of a key. */
function changesOf(
  common: Map<string, Map<number, Uint8Array | undefined>>,
  key: string,
): Map<number, Uint8Array | undefined> {
  // SQLite would change it too: two keys could become one.
  const stored = key.toWellFormed();
  let changes = common.get(stored);
  if (changes === undefined) common.set(stored, (changes = new Map()));
  return changes;
}

/** Returns strings as lists of a statement: expressions with their parameter. */
function listsOf(strings: readonly string[]): readonly (readonly [expression: string, value: string])[] {
  const isListed = (one: string): boolean => one.isWellFormed() && !one.includes('\0');
  const listed = strings.filter(isListed);
  const single = listed.length === strings.length ? [] : strings.filter((one) => !isListed(one));
  return [
    ...(listed.length === 0 ? [] : [[LIST, JSON.stringify(listed)] as const]),
    ...single.map((one) => [SINGLE, one] as const),
  ];
}

/** In the order of UTF-8 bytes, as SQLite compares. */
function byKey({ key: one }: CarriedWrite, { key: other }: CarriedWrite): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
