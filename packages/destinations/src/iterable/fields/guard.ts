import type { InstanceState } from '@waybill/core';

import { BoundedMap } from '../../bounded-map.ts';
import { isRecord, type JsonObject, setOwn } from '../../http/json.ts';
import { callIterable } from '../api/client.ts';
import type { Context, Settings } from '../settings.ts';
import { withIterableDates } from './dates.ts';
import { accepts, converted, fieldType, type FieldType, typeOfValue } from './types.ts';

/** The owner of fields: profiles, orders, or events of one name. */
export type Scope = 'user' | 'purchase' | `event ${string}`;

/** Data fields to send, with notes. */
export interface CheckedFields {
  readonly fields: JsonObject;
  readonly notes: readonly string[];
}

const NO_NOTES: readonly string[] = Object.freeze([]);

/** How long fields of the account are cached, in milliseconds. */
const READ_AGAIN_AFTER = 600_000;
/** How long to wait after a failed read, in milliseconds. */
const TRY_AGAIN_AFTER = 60_000;
/** The maximum number of remembered fields; a project has 1,000 of profiles and 8,000 of events. */
const MOST_FIELDS = 20_000;
/** The maximum number of event names whose stored types were read. */
const MOST_SCOPES = 10_000;
/** The maximum number of notes of an item. */
const MOST_NOTES = 5;

/**
 * Remembers the type that each field first had, so that a value of another type is noticed, or converted, before Iterable
 * refuses a whole call for it. Types of profiles are read from the account, all others are learned from what Iterable accepts
 * and refuses.
 */
export class FieldGuard {
  readonly #mode: 'off' | 'warn' | 'convert';
  readonly #mostNew: number;
  readonly #types = new BoundedMap<FieldType>(MOST_FIELDS);
  /** Sent fields that were unknown, by scope. */
  readonly #added = new BoundedMap<Set<string>>(2_000);
  #readAfter = 0;
  #reading: Promise<void> | undefined;
  #knowsUser = false;
  readonly #state: InstanceState;
  /** Types learned since the last write. */
  readonly #news = new Map<Scope, Map<string, FieldType>>();
  /** Scopes whose stored types have been read. */
  readonly #recalled = new Set<Scope>();

  constructor(
    { fieldTypes, maxNewFields }: Pick<Settings, 'fieldTypes' | 'maxNewFields'>,
    state: InstanceState,
  ) {
    this.#mode = fieldTypes ?? 'off';
    this.#mostNew = maxNewFields ?? Number.POSITIVE_INFINITY;
    this.#state = state;
  }

  /** Whether values are converted. */
  get converts(): boolean {
    return this.#mode === 'convert';
  }

  /** Reads the fields of the account, if enabled and outdated. */
  async ready(context: Context): Promise<void> {
    if (this.#idle || context.now() < this.#readAfter) return;
    this.#reading ??= this.#read(context).finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Converts the fields for sending. */
  check(scope: Scope, fields: JsonObject): CheckedFields {
    if (this.#idle) return { fields: withIterableDates(fields), notes: NO_NOTES };
    this.#recall(scope);
    const notes: string[] = [];
    const sent = this.#object(scope, '', fields, notes);
    const more = notes.length - MOST_NOTES;
    return {
      fields: sent,
      notes: more > 0 ? [...notes.slice(0, MOST_NOTES), `${more} more fields like these.`] : notes,
    };
  }

  /** Returns the path of the first value that its field does not accept. */
  misfit(scope: Scope, fields: unknown, prefix = ''): string | undefined {
    this.#recall(scope);
    for (const [key, value] of isRecord(fields) ? Object.entries(fields) : []) {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      for (const member of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
        const type = typeOfValue(member, path);
        const known = this.#types.get(keyOf(scope, path));
        if (type !== undefined && known !== undefined && !accepts(known, type)) return path;
        const inner = type === 'object' ? this.misfit(scope, member, path) : undefined;
        if (inner !== undefined) return inner;
      }
    }
    return undefined;
  }

  /** Learns from accepted fields: the first value of a field fixes its type. */
  took(scope: Scope, fields: unknown): void {
    if (this.#idle || !isRecord(fields)) return;
    this.#recall(scope);
    this.#walk(scope, '', fields);
  }

  /** Learns a type that Iterable has named. */
  learn(scope: Scope, path: string, word: string): void {
    const type = fieldType(word);
    if (type !== undefined) this.#set(scope, path, type);
  }

  /** Stores what was learned since the last call, for the next start. */
  keep(): void {
    if (this.#news.size === 0) return;
    const entries: Record<string, string> = {};
    for (const [scope, news] of this.#news) {
      entries[stateKey(scope)] = JSON.stringify({
        ...readTypes(this.#state.get(stateKey(scope))),
        ...Object.fromEntries(news),
      });
    }
    this.#news.clear();
    this.#state.set(entries);
  }

  #set(scope: Scope, path: string, type: FieldType): void {
    const key = keyOf(scope, path);
    if (this.#types.get(key) === type) return;
    this.#types.set(key, type);
    let news = this.#news.get(scope);
    if (news === undefined) this.#news.set(scope, (news = new Map()));
    news.set(path, type);
  }

  /** Reads the stored types of a scope, once. */
  #recall(scope: Scope): void {
    if (this.#recalled.has(scope)) return;
    if (this.#recalled.size > MOST_SCOPES) this.#recalled.clear();
    this.#recalled.add(scope);
    for (const [path, type] of Object.entries(readTypes(this.#state.get(stateKey(scope))))) {
      const key = keyOf(scope, path);
      if (this.#types.get(key) === undefined) this.#types.set(key, type);
    }
  }

  get #idle(): boolean {
    return this.#mode === 'off' && this.#mostNew === Number.POSITIVE_INFINITY;
  }

  async #read(context: Context): Promise<void> {
    const answer = await callIterable({ method: 'GET', path: '/api/users/getFields' }, context);
    const fields = answer.kind === 'accepted' ? answer.body['fields'] : undefined;
    this.#readAfter = context.now() + (isRecord(fields) ? READ_AGAIN_AFTER : TRY_AGAIN_AFTER);
    if (!isRecord(fields)) return;
    this.#knowsUser = true;
    // The account itself remembers these.
    for (const [path, word] of Object.entries(fields)) {
      const type = fieldType(String(word));
      if (type !== undefined) this.#types.set(keyOf('user', path), type);
    }
  }

  #object(scope: Scope, prefix: string, fields: JsonObject, notes: string[]): JsonObject {
    const sent: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(fields)) {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      const made = this.#value(scope, path, value, notes);
      if (made !== undefined) setOwn(sent, key, made);
    }
    return sent;
  }

  #value(scope: Scope, path: string, value: unknown, notes: string[]): unknown {
    // Null removes the field, whatever its type.
    if (value === null || value === undefined) return value;
    if (Array.isArray(value)) {
      const list = value.map((member: unknown) => this.#value(scope, path, member, notes));
      return list.every((member) => member === undefined) && list.length > 0 ? undefined : list;
    }
    const type = typeOfValue(value, path);
    if (type === undefined) return value;
    const known = this.#types.get(keyOf(scope, path));
    if (known === undefined) {
      if (!this.#mayAdd(scope, path, type, value, notes)) return undefined;
    } else if (!accepts(known, type)) {
      return this.#misfit(path, value, known, notes);
    }
    if (isRecord(value)) return type === 'object' ? this.#object(scope, path, value, notes) : value;
    // A string that only looks like a date is unchanged in a string field.
    return known === 'string' ? value : withIterableDates<unknown>(value);
  }

  #misfit(path: string, value: unknown, known: FieldType, notes: string[]): unknown {
    const shown = shorten(value);
    const other = this.#mode === 'convert' ? converted(value, known) : undefined;
    if (other !== undefined) {
      notes.push(
        `${path}: ${shown} was sent as ${JSON.stringify(other)}, because the field contains ${WORDS[known]}.`,
      );
      return other;
    }
    if (this.#mode !== 'off')
      notes.push(`${path}: the field contains ${WORDS[known]}, and ${shown} is not one of them.`);
    return withIterableDates(value);
  }

  #mayAdd(scope: Scope, path: string, type: FieldType, value: unknown, notes: string[]): boolean {
    let added = this.#added.get(scope);
    if (added === undefined) this.#added.set(scope, (added = new Set()));
    if (added.has(path)) return true;
    // Without the list of the account, every field of a profile would look new.
    const counts = type !== 'object' && (scope !== 'user' || this.#knowsUser);
    if (counts && added.size >= this.#mostNew) {
      notes.push(`${path} was left out: it would be a new field, and the maximum is ${this.#mostNew}.`);
      return false;
    }
    if (counts && added.size < MOST_FIELDS) added.add(path);
    if (this.#mode !== 'off' && type === 'date') {
      notes.push(
        `${path} is new here; ${shorten(value)} looks like a date, so the field accepts only dates from now on.`,
      );
    }
    return true;
  }

  #walk(scope: Scope, path: string, value: unknown): void {
    if (Array.isArray(value)) {
      for (const member of value) this.#walk(scope, path, member);
      return;
    }
    if (path !== '') {
      const type = typeOfValue(value, path);
      if (type === undefined) return;
      if (this.#types.get(keyOf(scope, path)) === undefined) this.#set(scope, path, type);
      if (type !== 'object') return;
    }
    if (!isRecord(value)) return;
    for (const [key, member] of Object.entries(value)) {
      this.#walk(scope, path === '' ? key : `${path}.${key}`, member);
    }
  }
}

const WORDS: Readonly<Record<FieldType, string>> = {
  string: 'text',
  long: 'whole numbers',
  double: 'numbers',
  boolean: 'true or false',
  date: 'dates',
  object: 'objects',
  geo_location: 'places',
};

function stateKey(scope: Scope): string {
  return `types of ${scope}`;
}

function readTypes(kept: string | undefined): Readonly<Record<string, FieldType>> {
  return kept === undefined ? {} : (JSON.parse(kept) as Record<string, FieldType>);
}

function keyOf(scope: Scope, path: string): string {
  return `${scope}\n${path}`;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
