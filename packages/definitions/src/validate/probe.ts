import type { Action, Destination, Event, Field, Fields, HttpResponse, Item, Outcome } from '@waybill/core';
import { choiceValues } from '../data/fields.ts';

/** The reaction of an action to a canned answer. */
export type Reaction =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'other' }
  /** It returned a wrong number of outcomes. */
  | { readonly kind: 'count'; readonly count: number }
  /** It made no call, or threw: inconclusive. */
  | { readonly kind: 'none' };

/** The reactions of an action to possible answers of a destination. */
export interface Probe {
  readonly action: string;
  readonly batched: boolean;
  readonly items: number;
  /** 200 and an empty object. */
  readonly empty: Reaction;
  /** 200 and a body that lists every item as failed. */
  readonly failures: Reaction;
  /** 500. */
  readonly refused: Reaction;
}

const PATIENCE = 2_000;
const ITEMS = 3;

/** The time of all probes, in epoch milliseconds. */
export const MOMENT = Date.UTC(2026, 0, 15, 12);

/** The body of a failing server. */
export const REFUSED = { message: 'Internal error' };

const done = new WeakMap<Destination, Promise<readonly Probe[]>>();

/** Tries every action of a destination with generated items and canned answers, without network access. */
export function probes(destination: Destination): Promise<readonly Probe[]> {
  const known = done.get(destination);
  if (known !== undefined) return known;
  const probing = probeAll(destination);
  done.set(destination, probing);
  return probing;
}

async function probeAll(destination: Destination): Promise<readonly Probe[]> {
  const found: Probe[] = [];
  const settings = example(destination.settings, 0);
  for (const [name, action] of Object.entries(destination.actions)) {
    const items = itemsOf(action);
    const tried = async (status: number, body: unknown): Promise<Reaction> =>
      react(action, items, settings, status, body);
    found.push({
      action: name,
      batched: action.batch !== undefined,
      items: items.length,
      empty: await tried(200, {}),
      failures: await tried(200, allFailed(items.length)),
      refused: await tried(500, REFUSED),
    });
  }
  return found;
}

async function react(
  action: Action,
  items: readonly Item[],
  settings: unknown,
  status: number,
  body: unknown,
): Promise<Reaction> {
  const { request, calls } = answering(status, body);
  const outcomes = await patient(() => action.send(items, { settings, request, now: () => MOMENT }));
  // Generated payloads may be impossible; the engine turns a throw into `destination_bug`, never success.
  return calls() === 0 || outcomes === undefined ? { kind: 'none' } : judge(outcomes, items.length);
}

/** Gives every call the same answer, without sending it, and counts them. */
export function answering(
  status: number,
  body: unknown,
): { readonly request: () => Promise<HttpResponse>; readonly calls: () => number } {
  let calls = 0;
  const text = JSON.stringify(body);
  const request = async (): Promise<HttpResponse> => ({
    kind: 'response',
    ok: status < 300,
    status,
    headers: { 'content-type': 'application/json' },
    text,
    body,
    exchange: calls++,
  });
  return { request, calls: () => calls };
}

/** Returns the result of a function; undefined when it throws or takes too long. */
export async function patient<T>(ask: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      ask(),
      new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), PATIENCE);
      }),
    ]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function judge(outcomes: readonly Outcome[], items: number): Reaction {
  const list: unknown = outcomes;
  if (!Array.isArray(list)) return { kind: 'count', count: 0 };
  if (list.length !== items) return { kind: 'count', count: list.length };
  return outcomes.every((one) => one?.status === 'delivered') ? { kind: 'delivered' } : { kind: 'other' };
}

/** All forms in which bulk endpoints report failed items, in one body. */
function allFailed(items: number): unknown {
  const each = Array.from({ length: items }, (_, index) => ({
    index,
    id: `id-${index}`,
    email: `person-${index}@example.com`,
    userId: `id-${index}`,
    status: 400,
    code: 'INVALID',
    success: false,
    error: 'invalid',
    message: 'invalid',
  }));
  const ids = each.map((one) => one.userId);
  return {
    success: false,
    ok: false,
    status: 'error',
    code: 'INVALID',
    message: 'Every item failed.',
    error: 'Every item failed.',
    errors: each,
    results: each,
    failures: each,
    failed: items,
    failCount: items,
    failureCount: items,
    successCount: 0,
    invalidUserIds: ids,
    invalidEmails: each.map((one) => one.email),
    failedUpdates: { invalidUserIds: ids, invalidEmails: each.map((one) => one.email) },
  };
}

function itemsOf(action: Action): readonly Item[] {
  const timestamp = new Date(MOMENT).toISOString();
  return Array.from({ length: action.batch === undefined ? 1 : ITEMS }, (_, index) => {
    const event: Event = {
      type: 'track',
      event: 'Example',
      messageId: `message-${index}`,
      userId: `id-${index}`,
      timestamp,
      receivedAt: timestamp,
      properties: {},
      context: {},
    };
    return {
      key: `probe:${index}`,
      event,
      payload: example(action.fields, index),
      identity:
        action.identifiers === undefined
          ? undefined
          : { email: `person-${index}@example.com`, userId: `id-${index}`, notes: [] },
      attempt: 1,
    } as unknown as Item;
  });
}

/** Returns an example value for every field. */
export function example(fields: Fields, index: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = valueOf(name, field, index);
      return [name, field.multiple === true ? [value] : value];
    }),
  );
}

function valueOf(name: string, field: Field, index: number): unknown {
  const choice = choiceValues(field)?.[0];
  if (choice !== undefined) return choice;
  switch (field.type) {
    case 'number':
    case 'integer':
      return Math.max(field.minimum ?? 1, 1);
    case 'boolean':
      return false;
    case 'datetime':
      return new Date(MOMENT).toISOString();
    case 'object':
      return field.properties === undefined ? {} : example(field.properties, index);
    default:
      if (field.format === 'uri' || /ur[il]$/i.test(name)) return 'https://api.example.com';
      if (field.format === 'email' || /email/i.test(name)) return `person-${index}@example.com`;
      return /id$/i.test(name) ? `id-${index}` : 'example';
  }
}
