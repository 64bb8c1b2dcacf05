/*
 * Objects whose keys are data, such as IDs. They have no prototype: V8 derives hidden classes from the keys of other objects, which
 * takes longer than creating the object, and each class stays in memory until a full garbage collection.
 */

/** Returns an object of entries; later ones take precedence. */
export function keyed<T>(entries: Iterable<readonly [key: string, value: T]>): Record<string, T> {
  const all = empty<T>();
  for (const [key, value] of entries) all[key] = value;
  return all;
}

/** Returns an object with one member. */
export function keyedOne<T>(key: string, value: T): Record<string, T> {
  const one = empty<T>();
  one[key] = value;
  return one;
}

/** Returns an object with the members of others; later ones take precedence. */
export function keyedAll<T>(...objects: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.assign(empty<T>(), ...objects) as Record<string, T>;
}

function empty<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
