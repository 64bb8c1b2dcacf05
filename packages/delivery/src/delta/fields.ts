import { createHash } from 'node:crypto';

/** A plain object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with members, not a list and not null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a fingerprint of a value, 64 bits: equal for equal values, regardless of the order of members. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest().subarray(0, 8).toString('base64url');
}

/** JSON with sorted members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Date || !isFields(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}

/** Returns the value at a path; undefined when there is none. */
export function valueAt(payload: unknown, path: readonly string[]): unknown {
  let value = payload;
  for (const part of path) {
    if (!isFields(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** Returns a copy without the value at a path. */
export function without(payload: unknown, [first, ...rest]: readonly string[]): unknown {
  if (!isFields(payload) || first === undefined || !Object.hasOwn(payload, first)) return payload;
  const { [first]: value, ...others } = payload;
  return rest.length === 0 ? others : { ...payload, [first]: without(value, rest) };
}
