/** The maximum number of products of an event. */
export const MOST_PRODUCTS = 50;

/** Strings, numbers and objects of them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Returns the members with a value. */
export function compact(values: Properties): Properties {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

/** Returns a value as an object. */
export function objectOf(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}

/** Returns a value as a list of objects. */
export function listOf(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** Returns a number, also from a string. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Returns an ID as a string. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;
}

/** Returns the last item of a list. */
export function lastOf(list: unknown): unknown {
  return Array.isArray(list) ? (list as unknown[])[list.length - 1] : undefined;
}

/** Returns an own entry of a table. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined {
  const has = typeof name === 'string' && Object.prototype.hasOwnProperty.call(table, name);
  return has ? table[name as string] : undefined;
}
