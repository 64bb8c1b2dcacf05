import type { PathStep } from './json.ts';
import { printPath, setMember } from './json.ts';
import { type FieldModel, isOfType, type JsonType, type ObjectModel } from './model.ts';

/** A change that validation made between the result of a mapping and the payload. */
export interface Change {
  /** JSON path in the input value. */
  readonly path: string;
  /** An empty value or an unknown member was left out, or a value was converted to the type of its field. */
  readonly what: 'removed_empty' | 'removed_unknown' | 'coerced';
  readonly from: unknown;
  /** The new value; undefined when it was left out. */
  readonly to: unknown;
}

/**
 * Cleans the value at one place; `undefined` leaves it out. Returns the same value when nothing changes. The place is a
 * step (none for the payload itself) below a path.
 */
type Cleaner = (value: unknown, step: PathStep | undefined, path: PathStep[], changes: Change[]) => unknown;

type Coercer = (value: unknown) => unknown;

/** The result of a failed conversion. */
const NONE = Symbol('none');

/** Parses a number. Blank and non-finite strings give none. */
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

/** Whether a value has one of the types. */
function fitterFor(types: readonly JsonType[]): (value: unknown) => boolean {
  const [first, ...others] = types.map((type) => isOfType[type]);
  if (!first) return () => false;
  return others.length === 0 ? first : (value) => first(value) || others.some((test) => test(value));
}

/** Converts a value to one of the types, or returns it unchanged. */
function coercerFor(types: readonly JsonType[]): Coercer {
  const coercers = types.flatMap((type) => COERCE[type] ?? []);
  return (value) => {
    for (const coerce of coercers) {
      const coerced = coerce(value);
      if (coerced !== NONE) return coerced;
    }
    return value;
  };
}

/** Adds a change to the list of changes. */
function report(
  what: Change['what'],
  from: unknown,
  to: unknown,
  step: PathStep | undefined,
  path: readonly PathStep[],
  changes: Change[],
): unknown {
  changes.push({ path: printPath(step === undefined ? path : [...path, step]), what, from, to });
  return to;
}

/** Cleans one value; `top` is a member of the payload itself, where an empty string counts as no value. */
function cleanOne(model: FieldModel, top: boolean, keepUnknown: boolean): Cleaner {
  const { types, members } = model;
  const fits = fitterFor(types);
  const coerce = coercerFor(types);
  const takesText = types.includes('string');
  // A list of one element is used as the element where a scalar is expected.
  const unwraps = types.some((type) => COERCE[type] !== undefined);
  const object = members ? cleanMembers(members, false, keepUnknown) : undefined;
  const isEmpty = (value: unknown): boolean =>
    value === '' ? top || !takesText : value === null && !fits(null);

  return (value, step, path, changes) => {
    if (fits(value) && value !== '') return object ? object(value, step, path, changes) : value;
    if (value === undefined) return undefined;
    const single: unknown = unwraps && Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (single === undefined) return undefined;
    if (isEmpty(single)) return report('removed_empty', value, undefined, step, path, changes);
    const made = fits(single) ? single : coerce(single);
    // A value that cannot be converted is unchanged, so that the message names what was sent.
    if (Object.is(made, value) || !fits(made)) return value;
    return report('coerced', value, made, step, path, changes);
  };
}

function cleanList(model: FieldModel, keepUnknown: boolean): Cleaner {
  const element = cleanOne(model, false, keepUnknown);
  return (value, step, path, changes) => {
    if (value === undefined) return undefined;
    if (value === null || value === '') {
      return report('removed_empty', value, undefined, step, path, changes);
    }
    const list: readonly unknown[] = Array.isArray(value)
      ? value
      : (report('coerced', value, [value], step, path, changes) as readonly unknown[]);
    let cleaned: unknown[] | undefined;
    if (step !== undefined) path.push(step);
    // Indexes, here and below: iterators over entries cost more than the work itself.
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      const made = element(item, index, path, changes);
      if (made === undefined || !Object.is(made, item)) cleaned ??= list.slice(0, index);
      if (made !== undefined) cleaned?.push(made);
    }
    if (step !== undefined) path.pop();
    return cleaned ?? list;
  };
}

function without(
  source: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  dropped: ReadonlySet<string>,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const key of keys) if (!dropped.has(key)) setMember(kept, key, source[key]);
  return kept;
}

function cleanMembers(model: ObjectModel, top: boolean, keepUnknown: boolean): Cleaner {
  const cleaners = new Map<string, Cleaner>();
  for (const field of model.fields.values()) {
    cleaners.set(field.name, field.list ? cleanList(field, keepUnknown) : cleanOne(field, top, keepUnknown));
  }
  const keeps = model.open || keepUnknown;
  const unknown: Cleaner = (value, step, path, changes) => {
    if (value === undefined || keeps) return value;
    return report('removed_unknown', value, undefined, step, path, changes);
  };
  return (value, step, path, changes) => {
    const source = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(source);
    let made: Record<string, unknown> | undefined;
    let dropped: Set<string> | undefined;
    if (step !== undefined) path.push(step);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index]!;
      const before = source[key];
      const after = (cleaners.get(key) ?? unknown)(before, key, path, changes);
      if (after === undefined) (dropped ??= new Set()).add(key);
      else if (!Object.is(after, before)) (made ??= { ...source })[key] = after;
    }
    if (step !== undefined) path.pop();
    // Rebuilt instead of deleted from: objects that lost members stay slow to read.
    return dropped ? without(made ?? source, keys, dropped) : (made ?? value);
  };
}

/**
 * Creates a cleaner that leaves out empty and unknown members of a payload and converts the rest, never writing to its
 * input.
 */
export function compileCleaner(
  model: ObjectModel,
  keepUnknown: boolean,
): (payload: object, changes: Change[]) => object {
  const clean = cleanMembers(model, true, keepUnknown);
  return (payload, changes) => clean(payload, undefined, [], changes) as object;
}
