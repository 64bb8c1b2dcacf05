/** Products that an event has at most. */
export const MOST_PRODUCTS = 50;

/** Text, numbers and what is made of them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Members that have a value. */
export function compact(values: Properties): Properties {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

/** A value that may be an object, as one. */
export function objectOf(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}

/** A value that may be a list of objects, as one. */
export function listOf(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** A number, also one that is written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** An id as text. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;
}

/** The last of a list. */
export function lastOf(list: unknown): unknown {
  return Array.isArray(list) ? (list as unknown[])[list.length - 1] : undefined;
}

/** What a table has under a name; nothing that every object has. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined {
  const has = typeof name === 'string' && Object.prototype.hasOwnProperty.call(table, name);
  return has ? table[name as string] : undefined;
}
