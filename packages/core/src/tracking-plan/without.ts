import type { Place } from '../mapping/paths.ts';

/** Returns a copy of a JSON value without the member at a place; the value itself when there is no such member. */
export function without(value: unknown, [key, ...rest]: Place): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? without(item, rest) : item));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key!)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([name]) => name !== key)
      : entries.map(([name, member]) => [name, name === key ? without(member, rest) : member]),
  );
}
