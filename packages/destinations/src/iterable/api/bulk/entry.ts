import type { ErrorCode, Outcome } from '@waybill/core';

import { isRecord, type JsonObject } from '../../../http/json.ts';
import { normalEmail } from '../identifiers.ts';

/** A bulk endpoint and the meaning of its answers. */
export interface BulkEndpoint {
  readonly path: string;
  /** The member of the request with the items. */
  readonly list: 'users' | 'events' | 'subscribers' | 'updateSubscriptionsRequests';
  /** Other members of the request. */
  readonly beside?: JsonObject;
  /** The meaning of an identifier in a list of failures; overrides `LISTS`. */
  readonly meanings?: Readonly<Record<string, FailureMeaning>>;
  /** Called for every field whose type Iterable names in a refusal; the event name is undefined for profiles. */
  readonly learn?: (eventName: string | undefined, field: string, type: string) => void;
}

/** Why an item failed. A retryable code means a retry, `unchanged` a skip. */
export interface FailureMeaning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** One item of a bulk call, and its outcome so far. */
export interface Entry {
  readonly body: JsonObject;
  /** Normalised identifiers, those at the top level first. */
  readonly emails: readonly string[];
  readonly userIds: readonly string[];
  readonly eventName: string | undefined;
  exchanges: readonly number[];
  outcome?: Outcome;
}

const NO_EXCHANGES: readonly number[] = Object.freeze([]);

/** Creates an entry for an item, with the identifiers by which answers can name it. */
export function describe(body: JsonObject, endpoint: BulkEndpoint): Entry {
  // Data fields of a user can change its identifiers; those of an event cannot.
  const fields = endpoint.list !== 'events' && isRecord(body['dataFields']) ? body['dataFields'] : undefined;
  const { email, userId } = body;
  return {
    body,
    emails: normalized(texts(email, fields?.['email'])),
    userIds: texts(userId, fields?.['userId']),
    eventName: typeof body['eventName'] === 'string' ? body['eventName'] : undefined,
    exchanges: NO_EXCHANGES,
  };
}

const NO_TEXTS: readonly string[] = Object.freeze([]);

function texts(one: unknown, other: unknown): readonly string[] {
  if (typeof one === 'string') return typeof other === 'string' ? [one, other] : [one];
  return typeof other === 'string' ? [other] : NO_TEXTS;
}

function normalized(emails: readonly string[]): readonly string[] {
  return emails.length === 0 ? emails : emails.map(normalEmail);
}

/** Records a call with its entries; entries of the same calls share a list. */
export function addExchange(entries: readonly Entry[], exchange: number): void {
  let before = NO_EXCHANGES;
  let after: readonly number[] = [exchange];
  for (const entry of entries) {
    if (entry.exchanges !== before) {
      before = entry.exchanges;
      after = [...before, exchange];
    }
    entry.exchanges = after;
  }
}

/** Gives all entries the same outcome. */
export function settle(entries: readonly Entry[], outcome: Outcome): void {
  for (const entry of entries) entry.outcome = outcome;
}

/** Returns the field of a key for this item: event fields are prefixed with the name of their event. */
export function fieldName(key: string, entry: Pick<Entry, 'eventName'>): string | undefined {
  const { eventName } = entry;
  if (eventName === undefined) return key;
  for (const mark of [':::', '.']) {
    if (key.startsWith(`${eventName}${mark}`)) return key.slice(eventName.length + mark.length);
  }
  return key.includes(':::') ? undefined : key;
}

/** Returns the value at a dotted path; also finds keys with dots, and searches lists. */
export function valueAt(value: unknown, path: string): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) {
    for (const member of value) {
      const found = valueAt(member, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, path)) return { value: value[path] };
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(value, head)) continue;
    const found = valueAt(value[head], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
