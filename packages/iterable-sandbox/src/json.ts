/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** True for a JSON object, false for arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A record without a prototype: keys such as `__proto__` from a request are plain keys in it. */
export function bare(): JsonObject {
  // Object.create is typed `any`; a prototype-less empty object is an empty JsonObject.
  return Object.create(null) as JsonObject;
}

/** Returns the same JSON with sorted object keys at every level, so that two states can be compared as strings. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const sorted = bare();
  for (const key of Object.keys(value).sort()) sorted[key] = sortKeys(value[key]!);
  return sorted;
}
