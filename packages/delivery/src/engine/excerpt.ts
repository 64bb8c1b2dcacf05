import { jsonBytes } from '@waybill/core';

/** The maximum bytes of a payload in a dead letter: those of an event. */
const KEPT_PAYLOAD = 32 * 1024;

/** The maximum characters of a message: a destination can answer with a page. */
const KEPT_MESSAGE = 2_000;

/** The maximum bytes of a truncation marker. */
const MARKER = 40;

/** A value within the allowed size, or its beginning. */
export interface Excerpt {
  readonly value: unknown;
  /** Whether something was left out. */
  readonly cut: boolean;
}

/**
 * Returns the beginning of a value, with markers where something was left out. Strings are never split: half a secret could not
 * be redacted.
 */
export function excerpt(value: unknown, most: number = KEPT_PAYLOAD): Excerpt {
  if (jsonBytes(value, most) <= most) return { value, cut: false };
  let room = most;
  const take = (part: unknown): unknown => {
    if (Array.isArray(part)) return takeList(part);
    if (typeof part === 'object' && part !== null && !('toJSON' in part)) return takeObject(part);
    const bytes = jsonBytes(part);
    if (bytes <= Math.max(room, MARKER)) {
      room -= bytes;
      return part;
    }
    room -= MARKER;
    return `[cut: ${bytes} bytes]`;
  };
  const takeList = (list: readonly unknown[]): unknown => {
    const taken: unknown[] = [];
    room -= 2;
    for (const item of list) {
      if (room < MARKER) {
        taken.push(`[cut: ${list.length - taken.length} more]`);
        break;
      }
      taken.push(take(item));
      room -= 1;
    }
    return taken;
  };
  const takeObject = (object: object): unknown => {
    const entries: (readonly [string, unknown])[] = [];
    room -= 2;
    for (const [key, member] of Object.entries(object)) {
      if (room < MARKER + key.length) {
        entries.push(['[cut]', `${Object.keys(object).length - entries.length} more`]);
        break;
      }
      room -= key.length + 4;
      entries.push([key, take(member)]);
    }
    return Object.fromEntries(entries);
  };
  return { value: take(value), cut: true };
}

/** Cuts a message to the maximum length. */
export function shortMessage(message: string): string {
  return message.length <= KEPT_MESSAGE
    ? message
    : `${message.slice(0, KEPT_MESSAGE)}… (cut; ${message.length} characters in all)`;
}
