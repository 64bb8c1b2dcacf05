/** A value's members by key. */
export type Members = Readonly<Record<string, unknown>>;

/** Whether a value is an object with members: not a list, not null, not a date. */
export function isMembers(value: unknown): value is Members {
  return (
    typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]'
  );
}

/** Whether a value is present: neither undefined nor null. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Converts a value to a string as templates do: empty for a missing one, lists joined by commas. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(toText).join(',');
  // An own member called toString must not be called, and cannot be: JSON has no functions.
  return value instanceof Date ? String(value) : Object.prototype.toString.call(value);
}

/** Whether `@if` with `blank` takes its `then`: 0, false, the empty string and lists that convert to it do not. */
export function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  if (value === undefined || value === null || value === false || value === 0) return false;
  return Array.isArray(value) ? toText(value) !== '' : true;
}

/** Sets an own member; the key `__proto__` is ordinary data. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/** What a payload contains where a list has no value. */
export type Hole = null | undefined;

/**
 * Drops undefined members, at every depth, and puts `hole` where a list has none. Copies only what it changes: a value
 * without any is returned unchanged.
 */
export function withoutUndefined(value: unknown, hole: Hole): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? fillHoles(value, hole) : isMembers(value) ? dropMembers(value, hole) : value;
}

function fillHoles(list: readonly unknown[], hole: Hole): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const next = item === undefined ? hole : withoutUndefined(item, hole);
    if (next === item) continue;
    copy ??= list.slice();
    copy[i] = next;
  }
  return copy ?? list;
}

function dropMembers(members: Members, hole: Hole): Members {
  let changed = false;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(members)) {
    const next = withoutUndefined(members[key], hole);
    if (next !== undefined) setOwn(copy, key, next);
    if (next === undefined || next !== members[key]) changed = true;
  }
  return changed ? copy : members;
}

/** Returns a deep-frozen copy of a JSON value. */
export function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  if (!isMembers(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(copy, key, frozenCopy(value[key]));
  return Object.freeze(copy);
}

/** Names the type of a value for messages: a string, a list, an object, nothing. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}
