import { type ErrorCode, type Outcome, rejected } from '@waybill/core';

import { sameJson } from '../../../http/json.ts';
import { fieldsWithoutRoom, placesIn, type Refused, typeConflicts } from '../answer.ts';
import { type BulkEndpoint, type Entry, fieldName, valueAt } from './entry.ts';

/** A value with another type than the project's field. */
export interface Where {
  readonly eventName: string | undefined;
  /** Path in the body: `dataFields.price`. */
  readonly path: string;
  readonly value: unknown;
}

/** A type conflict that was confirmed by a call with a single item: such values are always refused. */
export interface Conflict {
  readonly where: Where;
  readonly outcome: Outcome;
}

/** Settles the entries at places that the refusal names; returns whether there are any. */
export function settlePlaces(entries: readonly Entry[], { outcome, params }: Refused): boolean {
  const places = placesIn(params).filter((place) => place.index < entries.length);
  for (const { index, member, problem } of places) {
    const words = member === '' ? problem : `${member}: ${problem}`;
    entries[index]!.outcome ??= rejected(
      outcome.code,
      `Iterable refused it: ${words}`,
      member === '' ? undefined : member,
    );
  }
  return places.length > 0;
}

/** Whether an item has a value whose type the answer refuses, or a field beyond the limit of the project. */
export function isSuspect(entry: Entry, answer: Refused): boolean {
  if (conflictsOf(entry, answer).length > 0) return true;
  return fieldsWithoutRoom(answer.params).some((key) => {
    const name = fieldName(key, entry);
    return name !== undefined && valueAt(entry.body['dataFields'], name) !== undefined;
  });
}

/** Reports the types that a refusal names. */
export function tellTypes(entries: readonly Entry[], answer: Refused, endpoint: BulkEndpoint): void {
  if (endpoint.learn === undefined) return;
  for (const { key, expectedType, ofUser } of typeConflicts(answer.params)) {
    if (expectedType === undefined) continue;
    const names = new Set(ofUser ? [undefined] : entries.map(({ eventName }) => eventName));
    for (const eventName of names) {
      const field = fieldName(key, { eventName });
      if (field !== undefined) endpoint.learn(eventName, field, expectedType);
    }
  }
}

/** Returns the refusal of an item that was sent alone, with the invalid field if the answer names it. */
export function blame(entry: Entry, answer: Refused): Outcome {
  if (answer.outcome.status === 'retry') return answer.outcome;
  const { code, message, field } = answer.outcome;
  const [place] = placesIn(answer.params);
  const [conflict] = conflictsOf(entry, answer);
  const [named] = typeConflicts(answer.params);
  const guilty = place?.member ?? conflict?.path ?? (named === undefined ? field : `dataFields.${named.key}`);
  return rejected(code, message, guilty === '' ? undefined : (guilty ?? FIELD_OF[code]));
}

const FIELD_OF: Partial<Record<ErrorCode, string>> = {
  destination_event_disallowed: 'eventName',
};

/** Returns the conflicts of an answer that this item has. */
export function conflictsOf(entry: Entry, answer: Refused): readonly Where[] {
  return typeConflicts(answer.params).flatMap(({ key, offendingValue }) => {
    const name = fieldName(key, entry);
    if (name === undefined) return [];
    const found = valueAt(entry.body['dataFields'], name);
    if (found === undefined) return [];
    if (offendingValue !== undefined && !sameJson(found.value, offendingValue)) return [];
    return [{ eventName: entry.eventName, path: `dataFields.${name}`, value: found.value }];
  });
}

/** Settles the entries with a value that was refused before; returns the others. */
export function withoutKnownConflicts(
  entries: readonly Entry[],
  conflicts: readonly Conflict[],
): readonly Entry[] {
  if (conflicts.length === 0) return entries;
  return entries.filter((entry) => {
    const known = conflicts.find(({ where }) => {
      if (where.eventName !== entry.eventName) return false;
      const found = valueAt(entry.body['dataFields'], where.path.slice('dataFields.'.length));
      return found !== undefined && sameJson(found.value, where.value);
    });
    if (known !== undefined) entry.outcome = known.outcome;
    return known === undefined;
  });
}
