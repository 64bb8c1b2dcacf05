/** An older table of common values, and the owners that have common rows. */
export const COMMON_TABLES = `
  CREATE TABLE common_values (
    key TEXT NOT NULL,
    owner INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (key, owner)
  ) WITHOUT ROWID;
  CREATE TABLE common_owners (owner INTEGER PRIMARY KEY);`;

/**
 * The schema of common rows: the values of several owners under one key are one row. Rows are in the order of their creation, and found
 * by an index: without row IDs, large rows would also fill the inner pages of the tree, and it would be deep. Values of an older table
 * move to `carried`, from where they return when they are written next.
 */
export const COMMON_ROWS = `
  CREATE TABLE common_rows (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, layout TEXT NOT NULL, bytes BLOB NOT NULL);
  INSERT OR REPLACE INTO carried (owner, key, value)
    SELECT names.text, common_values.key, common_values.value
    FROM common_values JOIN names ON names.id = common_values.owner;
  DELETE FROM common_owners;
  DROP TABLE common_values;`;

/** The values of several owners under one key. */
export interface CommonRow {
  /** Describes the bytes, as JSON: for each value its length, and the numbers of its owners. */
  readonly layout: string;
  /** The values one after the other. */
  readonly bytes: Uint8Array;
}

/** A value of some owners. */
export interface CommonValue {
  readonly owners: readonly number[];
  readonly value: Uint8Array;
}

/** The values to write under a key, by the numbers of their owners; undefined removes one. */
export type CommonChanges = ReadonlyMap<number, Uint8Array | undefined>;

/** A changed row. */
export interface MergedRow {
  /** Undefined when no value is left. */
  readonly row: CommonRow | undefined;
  /** Values for which the row has no space. */
  readonly large: readonly CommonValue[];
}

/** The space for values in bytes: larger rows would leave much of a page empty, and be written for each of their values. */
const SPACE = 8_000;

/** Returns the values in a row. */
export function valuesIn({ layout, bytes }: CommonRow): readonly CommonValue[] {
  let begin = 0;
  return (JSON.parse(layout) as readonly (readonly number[])[]).map(([length, ...owners]) => {
    const end = begin + length!;
    const value = bytes.subarray(begin, end);
    begin = end;
    return { owners, value };
  });
}

/** Returns a row after changes: equal values are stored once. The largest are left out while there is no space for all. */
export function mergedRow(before: CommonRow | undefined, changes: CommonChanges): MergedRow {
  const values: { readonly owners: number[]; readonly value: Uint8Array }[] = [];
  for (const { owners, value } of before === undefined ? [] : valuesIn(before)) {
    const left = owners.filter((owner) => !changes.has(owner));
    if (left.length > 0) values.push({ owners: left, value });
  }
  for (const [owner, value] of changes) {
    if (value === undefined) continue;
    const same = values.find((one) => isEqual(one.value, value));
    if (same === undefined) values.push({ owners: [owner], value });
    else same.owners.push(owner);
  }
  const large: CommonValue[] = [];
  for (let size = sizeOf(values); size > SPACE; size = sizeOf(values)) {
    const largest = values.reduce((one, other) => (other.value.length > one.value.length ? other : one));
    values.splice(values.indexOf(largest), 1);
    large.push(largest);
  }
  return { row: values.length === 0 ? undefined : rowOf(values), large };
}

function rowOf(values: readonly CommonValue[]): CommonRow {
  const layout = JSON.stringify(values.map(({ owners, value }) => [value.length, ...owners]));
  return { layout, bytes: Buffer.concat(values.map(({ value }) => value)) };
}

function sizeOf(values: readonly CommonValue[]): number {
  let size = 0;
  for (const { value } of values) size += value.length;
  return size;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}
