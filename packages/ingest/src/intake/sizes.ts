import { isDeeperThan, MAX_EVENT_DEPTH } from '@waybill/core';
import { MAX_EVENT_BYTES } from './limits.ts';

/** Whether an event is over the limit. A look at how much there is in it tells nearly always that it is not. */
export function isTooLarge(raw: unknown): boolean {
  if (mostBytes(raw, MAX_EVENT_BYTES) <= MAX_EVENT_BYTES) return false;
  // One that is too deep is refused for that, and is more than can be written as JSON.
  return !isDeeperThan(raw, MAX_EVENT_DEPTH) && bytesOf(raw) > MAX_EVENT_BYTES;
}

/** Whether an event is over the limit, by its JSON. */
export function isTextTooLarge(text: string): boolean {
  return text.length * MOST_OF_UNIT > MAX_EVENT_BYTES && Buffer.byteLength(text) > MAX_EVENT_BYTES;
}

/** The most bytes that a unit of a text takes in UTF-8. */
const MOST_OF_UNIT = 3;

/** Whether JSON is certainly nested no more deeply than so many levels: that many lists and objects do not even begin in it. */
export function isTextShallow(text: string, levels: number): boolean {
  let begun = 0;
  for (const begin of ['{', '[']) {
    for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
      begun += 1;
      if (begun > levels) return false;
    }
  }
  return true;
}

/** No fewer bytes than a value has as JSON; stops counting beyond `enough`. */
function mostBytes(value: unknown, enough: number, depth = 0): number {
  // A character takes six bytes at most, as an escape; a number no more than 25.
  if (typeof value === 'string') return 6 * value.length + 3;
  if (typeof value !== 'object' || value === null) return 26;
  // Refused later for its depth, whatever its size.
  if (depth > MAX_EVENT_DEPTH) return 0;
  let bytes = 3;
  // A loop over the keys of both is compiled again and again: what it has learned of objects does not hold for lists.
  if (Array.isArray(value)) {
    for (const member of value as readonly unknown[]) {
      bytes += 1 + mostBytes(member, enough - bytes, depth + 1);
      if (bytes > enough) return bytes;
    }
    return bytes;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    bytes += 6 * key.length + 4 + mostBytes(member, enough - bytes, depth + 1);
    if (bytes > enough) return bytes;
  }
  return bytes;
}

/** The bytes of a value as JSON. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
