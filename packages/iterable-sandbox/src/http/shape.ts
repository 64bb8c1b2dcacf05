import { isObject, type Json, type JsonObject } from '../json.ts';

type Scalar = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'objects' | 'strings' | 'integers';

/** What one member must be: a scalar kind (`!` = required), a nested shape, or a list of a nested shape. */
export type Kind = Scalar | `${Scalar}!` | Shape | readonly [Shape];

/** A compiled description of a request body. */
export interface Shape {
  readonly members: readonly Member[];
}

interface Member {
  readonly key: string;
  readonly required: boolean;
  readonly scalar: Scalar | undefined;
  readonly nested: Shape | undefined;
  readonly list: boolean;
}

const isString = (value: Json) => typeof value === 'string';
const isInteger = (value: Json) => Number.isInteger(value);

const scalars: Record<Scalar, { ok: (value: Json) => boolean; expected: string }> = {
  string: { ok: isString, expected: 'String value expected' },
  number: { ok: (value) => typeof value === 'number', expected: 'Number value expected' },
  integer: { ok: isInteger, expected: 'Number value expected' },
  boolean: { ok: (value) => typeof value === 'boolean', expected: 'Boolean value expected' },
  object: { ok: isObject, expected: 'Object value expected' },
  objects: {
    ok: (value) => Array.isArray(value) && value.every(isObject),
    expected: 'Array of objects expected',
  },
  strings: {
    ok: (value) => Array.isArray(value) && value.every(isString),
    expected: 'Array of strings expected',
  },
  integers: {
    ok: (value) => Array.isArray(value) && value.every(isInteger),
    expected: 'Array of numbers expected',
  },
};

/** Compiles a description; nested shapes and lists are always required. */
export function shape(description: Readonly<Record<string, Kind>>): Shape {
  const members = Object.entries(description).map(([key, kind]): Member => {
    if (typeof kind !== 'string') {
      const list = 'length' in kind;
      return { key, required: true, scalar: undefined, nested: list ? kind[0] : kind, list };
    }
    const required = kind.endsWith('!');
    // The template type only allows a scalar name with or without the mark.
    const scalar = (required ? kind.slice(0, -1) : kind) as Scalar;
    return { key, required, scalar, nested: undefined, list: false };
  });
  return { members };
}

/** Whether a body fits, without building paths: the fast case of valid requests. */
export function fits(form: Shape, value: Json | undefined): value is JsonObject {
  if (!isObject(value)) return false;
  for (const { key, required, scalar, nested, list } of form.members) {
    const member = value[key];
    // null means "not given" in optional members.
    if (member === undefined || member === null) {
      if (required) return false;
    } else if (nested === undefined) {
      if (!scalars[scalar!].ok(member)) return false;
    } else if (!list) {
      if (!fits(nested, member)) return false;
    } else if (!Array.isArray(member)) {
      return false;
    } else {
      for (const item of member) if (!fits(nested, item)) return false;
    }
  }
  return true;
}

/** Returns the reasons why a body does not fit, keyed like `obj.users[1].preferUserId`. */
export function misfits(
  form: Shape,
  value: Json | undefined,
  path = 'obj',
  found: Record<string, string> = {},
): Record<string, string> {
  if (!isObject(value)) {
    found[path] = 'Object value expected';
    return found;
  }
  for (const { key, required, scalar, nested, list } of form.members) {
    const member = value[key];
    const at = `${path}.${key}`;
    if (member === undefined || member === null) {
      if (required) found[at] = missing(scalar, list);
    } else if (nested === undefined) {
      if (!scalars[scalar!].ok(member)) found[at] = scalars[scalar!].expected;
    } else if (!list) {
      misfits(nested, member, at, found);
    } else if (!Array.isArray(member)) {
      found[at] = 'Array value expected';
    } else {
      member.forEach((item, index) => misfits(nested, item, `${at}[${index}]`, found));
    }
  }
  return found;
}

function missing(scalar: Scalar | undefined, list: boolean): string {
  if (scalar !== undefined) return scalars[scalar].expected;
  return list ? 'Array value expected' : 'Object value expected';
}
