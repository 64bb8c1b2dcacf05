import { isDeeperThan, MAX_EVENT_DEPTH } from '@waybill/core';
import { MAX_EVENT_BYTES } from './limits.ts';

/** Whether an event exceeds the limit. An upper bound nearly always shows that it does not. */
export function isTooLarge(raw: unknown): boolean {
  if (mostBytes(raw, MAX_EVENT_BYTES) <= MAX_EVENT_BYTES) return false;
  // One that is too deep is refused for that, and cannot be serialised.
  return !isDeeperThan(raw, MAX_EVENT_DEPTH) && bytesOf(raw) > MAX_EVENT_BYTES;
}

/** Whether an event exceeds the limit, by its JSON. */
export function isTextTooLarge(text: string): boolean {
  return text.length * MOST_OF_UNIT > MAX_EVENT_BYTES && Buffer.byteLength(text) > MAX_EVENT_BYTES;
}

/** The maximum bytes of a UTF-16 unit in UTF-8. */
const MOST_OF_UNIT = 3;

/** Whether the nesting of JSON is certainly within a limit: it has fewer opening brackets and braces than that. */
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

/** Returns an upper bound of the bytes of a value as JSON; stops counting above `enough`. */
function mostBytes(value: unknown, enough: number, depth = 0): number {
  // A character takes at most six bytes, as an escape; a number at most 25.
  if (typeof value === 'string') return 6 * value.length + 3;
  if (typeof value !== 'object' || value === null) return 26;
  // Refused later for its depth, regardless of size.
  if (depth > MAX_EVENT_DEPTH) return 0;
  let bytes = 3;
  // One loop over the keys of both is recompiled again and again: its optimisation for objects does not hold for arrays.
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

/** Returns the bytes of a value as JSON. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
