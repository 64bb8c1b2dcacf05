import type { ErrorCode, Outcome } from '@waybill/core';

import { isRecord, type JsonObject } from '../../../http/json.ts';
import { normalEmail } from '../identifiers.ts';

/** A bulk endpoint and how its answers are to be understood. */
export interface BulkEndpoint {
  readonly path: string;
  /** The member of the request that holds the items. */
  readonly list: 'users' | 'events' | 'subscribers' | 'updateSubscriptionsRequests';
  /** Other members of the request. */
  readonly beside?: JsonObject;
  /** What an identifier in a list of failures means; the lists that are not here mean what `LISTS` says. */
  readonly meanings?: Readonly<Record<string, FailureMeaning>>;
  /** Told of every field whose type Iterable names in a refusal; the event name is undefined for profiles. */
  readonly learn?: (eventName: string | undefined, field: string, type: string) => void;
}

/** Why an item failed. A code that can be sent again makes a retry of it, `unchanged` a skip. */
export interface FailureMeaning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** One item of a bulk call, and its outcome so far. */
export interface Entry {
  readonly body: JsonObject;
  /** Identifiers as they are compared, those on top first. */
  readonly emails: readonly string[];
  readonly userIds: readonly string[];
  readonly eventName: string | undefined;
  exchanges: readonly number[];
  outcome?: Outcome;
}

const NO_EXCHANGES: readonly number[] = Object.freeze([]);

/** An item before it is sent, with what answers may name it by. */
export function describe(body: JsonObject, endpoint: BulkEndpoint): Entry {
  // Data fields of a user can change its identifiers; those of an event are only data.
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

/** Notes a call with entries; those that have been in the same calls share a list of them. */
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

/** Gives all of them the same outcome. */
export function settle(entries: readonly Entry[], outcome: Outcome): void {
  for (const entry of entries) entry.outcome = outcome;
}

/** The field a key names for this item: event fields carry the name of their event before them. */
export function fieldName(key: string, entry: Pick<Entry, 'eventName'>): string | undefined {
  const { eventName } = entry;
  if (eventName === undefined) return key;
  for (const mark of [':::', '.']) {
    if (key.startsWith(`${eventName}${mark}`)) return key.slice(eventName.length + mark.length);
  }
  return key.includes(':::') ? undefined : key;
}

/** The value at a dotted path; a key that has dots itself is found too, and lists are looked through. */
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
