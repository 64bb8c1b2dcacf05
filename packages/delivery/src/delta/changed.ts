import { fingerprint, isFields } from './fields.ts';

/** The values that were last delivered, by field: each as its fingerprint. */
export type DeliveredFields = Readonly<Record<string, string>>;

/** What has changed since the last delivery. */
export interface Changed {
  /** The payload to send; undefined when nothing changed. */
  readonly payload: unknown;
  /** What to remember after delivery. */
  readonly delivered: DeliveredFields;
  /** What to remember when delivery is uncertain: nothing of what was sent. */
  readonly unknown: DeliveredFields;
}

/** The maximum number of remembered fields per user; others are always sent. */
export const MOST_FIELDS = 1_000;

/** The name for a payload that can only be sent whole. */
const WHOLE = '';

/**
 * Compares a payload with what was delivered before. `merged` names the object field whose members the destination
 * merges: only its changed members are sent. Without one the payload is sent whole, or not at all. Pure.
 */
export function findChanges(payload: unknown, before: DeliveredFields, merged: string | undefined): Changed {
  const object = merged === undefined || !isFields(payload) ? undefined : payload[merged];
  if (merged === undefined || !isFields(payload) || !isFields(object)) {
    return compare(payload, before, [[WHOLE, payload]], () => payload);
  }
  const { [merged]: _members, ...beside } = payload;
  const fields: [string, unknown][] = [
    ...Object.entries(beside),
    ...Object.entries(object).map(([name, value]): [string, unknown] => [`${merged}.${name}`, value]),
  ];
  return compare(payload, before, fields, (changed) => ({
    ...payload,
    [merged]: Object.fromEntries(Object.entries(object).filter(([name]) => changed.has(`${merged}.${name}`))),
  }));
}

function compare(
  payload: unknown,
  before: DeliveredFields,
  fields: readonly (readonly [string, unknown])[],
  reduce: (changed: ReadonlySet<string>) => unknown,
): Changed {
  const delivered = new Map(Object.entries(before));
  const unknown = new Map(delivered);
  const changed = new Set<string>();
  for (const [field, value] of fields) {
    if (value === undefined) continue;
    const name = fingerprint(value);
    if (delivered.get(field) === name) continue;
    changed.add(field);
    unknown.delete(field);
    if (delivered.has(field) || delivered.size < MOST_FIELDS) delivered.set(field, name);
  }
  const result = { delivered: Object.fromEntries(delivered), unknown: Object.fromEntries(unknown) };
  return { payload: changed.size === 0 ? undefined : reduce(changed), ...result };
}

/** Parses delivered fields; an unreadable string counts as nothing. */
export function readDelivered(value: unknown): DeliveredFields {
  return isFields(value) ? (value as DeliveredFields) : {};
}
