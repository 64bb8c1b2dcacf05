import { type Outcome, rejected } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { INVALID_DATA } from '../api/bulk/results.ts';
import { sendBulk } from '../api/bulk/send.ts';
import type { Context } from '../settings.ts';
import type { FieldGuard, Scope } from './guard.ts';
import { instanceOf } from './instance.ts';

/** The maximum number of fields of an item that are left out because of their type. */
export const MOST_REPAIRS = 5;

/**
 * Sends items through a bulk endpoint with the guard of field types: an item that is refused for the type of one field is sent
 * without it if values are to be converted, and the types of accepted fields are remembered.
 */
export async function sendGuarded(
  bodies: readonly JsonObject[],
  endpoint: BulkEndpoint,
  context: Context,
): Promise<readonly Outcome[]> {
  const { guard } = instanceOf(context);
  const watched: BulkEndpoint = {
    ...endpoint,
    learn: (eventName, field, type) => {
      guard.learn(eventName === undefined ? 'user' : `event ${eventName}`, field, type);
    },
  };
  const sent = [...bodies];
  const outcomes = (await sendBulk(bodies, watched, context)).map((one, index) =>
    located(one, sent[index]!, guard),
  );
  const notes: (string[] | undefined)[] = [];
  for (let round = 0; guard.converts && round < MOST_REPAIRS; round += 1) {
    const repaired = outcomes.flatMap((outcome, index) => {
      const repair = repairOf(outcome, sent[index]!);
      return repair === undefined ? [] : [{ index, ...repair }];
    });
    if (repaired.length === 0) break;
    const again = await sendBulk(
      repaired.map(({ body }) => body),
      watched,
      context,
    );
    for (const [position, { index, body, note }] of repaired.entries()) {
      const { exchanges = [] } = outcomes[index] as { exchanges?: readonly number[] };
      outcomes[index] = withExchanges(located(again[position]!, body, guard), exchanges);
      sent[index] = body;
      (notes[index] ??= []).push(note);
    }
  }
  const told = outcomes.map((outcome, index) => {
    if (outcome.status === 'delivered') guard.took(scopeOf(sent[index]!), sent[index]!['dataFields']);
    return withNotes(outcome, notes[index]);
  });
  guard.keep();
  return told;
}

/** Adds the field with a known different type to a refusal that names none. */
function located(outcome: Outcome, body: JsonObject, guard: FieldGuard): Outcome {
  if (outcome.status !== 'rejected' || outcome.message !== INVALID_DATA) return outcome;
  const path = guard.misfit(scopeOf(body), body['dataFields']);
  if (path === undefined) return outcome;
  const conflict = rejected('destination_field_type_conflict', INVALID_DATA, `dataFields.${path}`);
  return withExchanges(conflict, outcome.exchanges ?? []);
}

/** Returns the body without the field that was refused for its type. */
export function repairOf(
  outcome: Outcome,
  body: JsonObject,
): { readonly body: JsonObject; readonly note: string } | undefined {
  if (outcome.status !== 'rejected' || outcome.code !== 'destination_field_type_conflict') return undefined;
  if (outcome.field === undefined) return undefined;
  const without = withoutPath(body, outcome.field);
  if (without === undefined) return undefined;
  return {
    body: without,
    note: `${outcome.field} was left out: Iterable has values of another type in it.`,
  };
}

/** Returns a copy without the value at a dotted path; undefined when there is none. Keys may contain dots. */
function withoutPath(value: JsonObject, path: string): JsonObject | undefined {
  if (Object.hasOwn(value, path)) {
    const { [path]: _left, ...rest } = value;
    return rest;
  }
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const inner = Object.hasOwn(value, head) ? value[head] : undefined;
    const members: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
    let changed = false;
    const without = members.map((member) => {
      const one = isRecord(member) ? withoutPath(member, path.slice(dot + 1)) : undefined;
      changed ||= one !== undefined;
      return one ?? member;
    });
    if (changed) return { ...value, [head]: Array.isArray(inner) ? without : without[0] };
  }
  return undefined;
}

function scopeOf(body: JsonObject): Scope {
  const { eventName } = body;
  return typeof eventName === 'string' ? `event ${eventName}` : 'user';
}
