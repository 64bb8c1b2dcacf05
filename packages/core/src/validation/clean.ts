import type { PathStep } from './json.ts';
import { printPath, setMember } from './json.ts';
import type { FieldModel, JsonType, ObjectModel } from './model.ts';

/** Something that validation changed on the way from a mapping's result to a payload. */
export interface Change {
  /** JSON path of the place in the value that came in. */
  readonly path: string;
  /** An empty value was left out, an unknown member was left out, or a value was converted to the field's type. */
  readonly what: 'removed_empty' | 'removed_unknown' | 'coerced';
  readonly from: unknown;
  /** The value now; undefined when it was left out. */
  readonly to: unknown;
}

/** Makes the value of one place; `undefined` leaves it out. Gives the very same value back when nothing changes. */
export type Cleaner = (value: unknown, path: PathStep[], changes: Change[]) => unknown;

type Coercer = (value: unknown) => unknown;

/** What a conversion gives when there is none. */
const NONE = Symbol('none');

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isOfType: Readonly<Record<JsonType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  array: Array.isArray,
  null: (value) => value === null,
};

/** The number a text stands for. Blank text and text that is no finite number stand for none. */
function numberFrom(value: unknown): number | typeof NONE {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '') return NONE;
  const number = Number(value);
  return Number.isFinite(number) ? number : NONE;
}

const COERCE: Readonly<Partial<Record<JsonType, Coercer>>> = {
  string: (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : NONE),
  number: numberFrom,
  integer: (value) => {
    const number = numberFrom(value);
    return Number.isInteger(number) ? number : NONE;
  },
  boolean: (value) => {
    if (value === 'true' || value === 1) return true;
    return value === 'false' || value === 0 ? false : NONE;
  },
  null: (value) => (value === '' || value === 0 || value === false ? null : NONE),
};

/** Makes a value that has one of the types, or gives it back as it is. */
function coercerFor(types: readonly JsonType[]): Coercer {
  const tests = types.map((type) => isOfType[type]);
  const coercers = types.flatMap((type) => COERCE[type] ?? []);
  return (value) => {
    if (tests.some((test) => test(value))) return value;
    for (const coerce of coercers) {
      const coerced = coerce(value);
      if (coerced !== NONE) return coerced;
    }
    return value;
  };
}

function report(
  path: PathStep[],
  what: Change['what'],
  from: unknown,
  to: unknown,
  changes: Change[],
): unknown {
  changes.push({ path: printPath(path), what, from, to });
  return to;
}

/** The cleaner of one value; `top` is a member of the payload itself, where empty text counts as no value. */
function cleanOne(model: FieldModel, top: boolean, keepUnknown: boolean): Cleaner {
  const { types, members } = model;
  const coerce = coercerFor(types);
  const takesNull = types.includes('null');
  const takesText = types.includes('string');
  // A list of one stands for its element wherever a scalar is wanted.
  const unwraps = types.some((type) => COERCE[type] !== undefined);
  const object = members ? cleanObject(members, false, keepUnknown) : undefined;
  return (value, path, changes) => {
    const single: unknown = unwraps && Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (single === undefined) return undefined;
    if ((single === null && !takesNull) || (single === '' && (top || !takesText))) {
      return report(path, 'removed_empty', value, undefined, changes);
    }
    if (object && isObject(single)) return object(single, path, changes);
    const coerced = coerce(single);
    // A list whose element is no fit either stays a list, so that the message speaks of a list.
    if (Object.is(coerced, value) || (coerced === single && !types.some((type) => isOfType[type](single)))) {
      return value;
    }
    return report(path, 'coerced', value, coerced, changes);
  };
}

function cleanList(model: FieldModel, keepUnknown: boolean): Cleaner {
  const element = cleanOne(model, false, keepUnknown);
  return (value, path, changes) => {
    if (value === undefined) return undefined;
    if (value === null || value === '') return report(path, 'removed_empty', value, undefined, changes);
    let list: readonly unknown[];
    if (Array.isArray(value)) list = value;
    else list = report(path, 'coerced', value, [value], changes) as readonly unknown[];
    let cleaned: unknown[] | undefined;
    for (const [index, item] of list.entries()) {
      path.push(index);
      const made = element(item, path, changes);
      path.pop();
      if (cleaned === undefined && !Object.is(made, item)) cleaned = list.slice(0, index);
      if (cleaned !== undefined && made !== undefined) cleaned.push(made);
      else if (made === undefined) cleaned ??= list.slice(0, index);
    }
    return cleaned ?? list;
  };
}

/** The cleaner of an object: leaves out what is empty or unknown and converts the rest, never writing to its input. */
export function cleanObject(model: ObjectModel, top: boolean, keepUnknown = false): Cleaner {
  const cleaners = new Map<string, Cleaner>();
  for (const field of model.fields.values()) {
    cleaners.set(field.name, field.list ? cleanList(field, keepUnknown) : cleanOne(field, top, keepUnknown));
  }
  const keeps = model.open || keepUnknown;
  const unknown: Cleaner = (value, path, changes) => {
    if (value === undefined || keeps) return value;
    return report(path, 'removed_unknown', value, undefined, changes);
  };
  return (value, path, changes) => {
    const source = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(source);
    let made: Record<string, unknown> | undefined;
    for (const [index, key] of keys.entries()) {
      const before = source[key];
      path.push(key);
      const after = (cleaners.get(key) ?? unknown)(before, path, changes);
      path.pop();
      if (made === undefined) {
        if (after !== undefined && Object.is(after, before)) continue;
        made = {};
        for (const earlier of keys.slice(0, index)) setMember(made, earlier, source[earlier]);
      }
      if (after !== undefined) setMember(made, key, after);
    }
    return made ?? value;
  };
}
