import { minorOf, type ShopState, type UnreadablePart, withoutAbsent } from '@waybill/core';

/** An object of an answer, whose members are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object and no list. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is an object; an empty one where it is none. */
export function recordOf(row: JsonObject, name: string): JsonObject {
  const value = row[name];
  return isRecord(value) ? value : {};
}

/** The objects of a member that is a list. */
export function listOf(row: JsonObject, name: string): readonly JsonObject[] {
  return objectsOf(row[name]);
}

/** The objects of a list; none where it is no list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A member as text; absent where it is empty. */
export function textOf(row: JsonObject, name: string): string | undefined {
  const value = row[name];
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** A member as number, also where it is written as text. */
export function numberOf(row: JsonObject, name: string): number | undefined {
  const text = textOf(row, name);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** An id; absent where there is none, or 0 stands for none. */
export function idOf(row: JsonObject, name: string): string | undefined {
  const text = textOf(row, name);
  return text === undefined || text === '0' ? undefined : text;
}

/** An amount in the smallest unit of a currency. */
export function moneyOf(row: JsonObject, name: string, currency: string): number | undefined {
  const text = textOf(row, name);
  return text === undefined ? undefined : minorOf(text, currency);
}

/** A time as ISO 8601, of RFC 2822 or ISO 8601; without a zone it is UTC. */
export function timeOf(row: JsonObject, name: string): string | undefined {
  const text = textOf(row, name);
  if (text === undefined) return undefined;
  if (text !== lastText) [lastText, lastTime] = [text, readTime(text)];
  return lastTime;
}

/** The time that was read last: a row has most of its times twice. */
let lastText = '';
let lastTime: string | undefined;

function readTime(text: string): string | undefined {
  const bare = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text);
  const ms = Date.parse(bare ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}

/** What a row cannot be without. Throws where it is absent. */
export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The row has no ${what}.`);
  return value;
}

/** What each part of a row tells, and which of them nothing can be made of. */
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

/** The members that have a value. */
export function known<T extends object>(value: T): T {
  return withoutAbsent(value) as T;
}

/** The object without the members that are absent; absent where none is left. */
export function some<T extends object>(value: T): T | undefined {
  const members = known(value);
  return Object.keys(members).length === 0 ? undefined : members;
}

/** The list; absent where it is empty. */
export function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The latest of some times. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce(
    (last, one) => (one !== undefined && (last === undefined || one > last) ? one : last),
    undefined,
  );
}
