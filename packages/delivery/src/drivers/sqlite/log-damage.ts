import type { Event } from '@waybill/core';
import type { Database } from './database.ts';

/** SQLite's codes for a damaged file: damaged pages, and a truncated file. */
const CORRUPT = 11;
const SHORT_READ = 522;

/** Whether a read failed because the file is damaged: retrying does not help. */
export function isDamage(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && ((errcode & 0xff) === CORRUPT || errcode === SHORT_READ);
}

/** Returns the result of a read; undefined when the file is damaged there. */
export function unlessDamaged<T>(database: Database, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isDamage(error)) throw error;
    database.renew();
    return undefined;
  }
}

/** The placeholder for an unreadable event. */
export const UNREADABLE: Event = Object.freeze({
  type: 'track',
  messageId: '',
  timestamp: '',
  receivedAt: '',
});

/** Whether a value has the shape of an event that readers of the log rely on. */
export function isEvent(value: unknown): value is Event {
  const event = value as Partial<Event> | null;
  return typeof event === 'object' && typeof event?.messageId === 'string' && typeof event.type === 'string';
}

/** Parses an event; undefined when it is damaged. */
export function eventOf(text: string): Event | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the events of a damaged block by place. When there are more or fewer strings than events, a separator is damaged:
 * strings before it are placed from the front, those after it from the end.
 */
export function salvage(texts: readonly string[], count: number): readonly (Event | undefined)[] {
  const read = texts.map(eventOf);
  if (texts.length === count) return read;
  const found = new Array<Event | undefined>(count).fill(undefined);
  const bad = read.indexOf(undefined);
  const front = Math.min(bad < 0 ? read.length : bad, count);
  for (let at = 0; at < front; at += 1) found[at] = read[at];
  for (let back = 1; back <= count - front && back <= read.length; back += 1) {
    const event = read.at(-back);
    if (event === undefined) break;
    found[count - back] = event;
  }
  return found;
}

/**
 * Returns the lowest number after `bad` for which `works` is true; undefined when there is none up to `last`. Assumes that
 * damage is one stretch.
 */
export function firstAfter(bad: number, last: number, works: (at: number) => boolean): number | undefined {
  let [low, step] = [bad, 1];
  while (!works(Math.min(low + step, last))) {
    if (low + step >= last) return undefined;
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, last);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (works(middle)) high = middle;
    else low = middle;
  }
  return high;
}
