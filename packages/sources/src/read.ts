import { minorOf, type ShopState, type UnreadablePart, withoutAbsent } from '@waybill/core';

/** An object in an answer, with unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object and not a list. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a member that is an object; an empty one otherwise. */
export function recordOf(row: JsonObject, name: string): JsonObject {
  const value = row[name];
  return isRecord(value) ? value : {};
}

/** Returns the objects of a member that is a list. */
export function listOf(row: JsonObject, name: string): readonly JsonObject[] {
  return objectsOf(row[name]);
}

/** Returns the objects of a list; none when it is not a list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Returns a member as a string; undefined when it is empty. */
export function textOf(row: JsonObject, name: string): string | undefined {
  const value = row[name];
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** Returns a member as a number, also from a string. */
export function numberOf(row: JsonObject, name: string): number | undefined {
  const text = textOf(row, name);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Returns an ID; undefined when there is none, or it is 0. */
export function idOf(row: JsonObject, name: string): string | undefined {
  const text = textOf(row, name);
  return text === undefined || text === '0' ? undefined : text;
}

/** Returns an amount in minor units of a currency. */
export function moneyOf(row: JsonObject, name: string, currency: string): number | undefined {
  const text = textOf(row, name);
  return text === undefined ? undefined : minorOf(text, currency);
}

/** Converts a time to ISO 8601, from RFC 2822 or ISO 8601; without a zone it is UTC. */
export function timeOf(row: JsonObject, name: string): string | undefined {
  const text = textOf(row, name);
  if (text === undefined) return undefined;
  if (text !== lastText) [lastText, lastTime] = [text, readTime(text)];
  return lastTime;
}

/** A cache of the last time: a row has most of its times twice. */
let lastText = '';
let lastTime: string | undefined;

function readTime(text: string): string | undefined {
  const bare = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text);
  const ms = Date.parse(bare ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}

/** Returns a required value of a row. Throws when it is absent. */
export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The row has no ${what}.`);
  return value;
}

/** Converts each part of a row to states, and collects unreadable ones. */
export function eachOf<T>(
  parts: readonly T[],
  make: (part: T) => ShopState,
): { readonly states: readonly ShopState[]; readonly unreadable: readonly UnreadablePart[] } {
  const states: ShopState[] = [];
  const unreadable: UnreadablePart[] = [];
  for (const part of parts) {
    try {
      states.push(make(part));
    } catch (error) {
      unreadable.push({ message: error instanceof Error ? error.message : String(error), part });
    }
  }
  return { states, unreadable };
}

/** Returns the members with a value. */
export function known<T extends object>(value: T): T {
  return withoutAbsent(value) as T;
}

/** Returns the object without absent members; undefined when none is left. */
export function some<T extends object>(value: T): T | undefined {
  const members = known(value);
  return Object.keys(members).length === 0 ? undefined : members;
}

/** Returns the list; undefined when it is empty. */
export function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Returns the latest of some times. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce(
    (last, one) => (one !== undefined && (last === undefined || one > last) ? one : last),
    undefined,
  );
}
