import { createHash } from 'node:crypto';

/** A plain object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with members, not a list and not null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A short name of a value: equal values have equal names, whatever the order of their members. 64 bits. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest().subarray(0, 8).toString('base64url');
}

/** JSON with the members of every object in one order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Date || !isFields(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}

/** The value at a path; undefined where there is none. */
export function valueAt(payload: unknown, path: readonly string[]): unknown {
  let value = payload;
  for (const part of path) {
    if (!isFields(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** A copy without the value at a path. */
export function without(payload: unknown, [first, ...rest]: readonly string[]): unknown {
  if (!isFields(payload) || first === undefined || !Object.hasOwn(payload, first)) return payload;
  const { [first]: value, ...others } = payload;
  return rest.length === 0 ? others : { ...payload, [first]: without(value, rest) };
}
