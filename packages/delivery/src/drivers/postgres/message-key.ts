import { hash } from 'node:crypto';

/**
 * How a log finds messages: by a hash of the whole key, as in logs of older versions, or by keys that begin with the time in
 * the messageId. Keys that begin with the time are inserted next to each other; hashes touch, and after each checkpoint write,
 * an index page per event.
 */
export type Keys = 'hashed' | 'timed';

/** Hexadecimal digits of a key, and of its time: 48 bits of milliseconds, as in UUIDs of version 7. */
const DIGITS = 32;
const TIME_DIGITS = 12;

/** A UUID of version 7. */
const TIMED_UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i;
/** Milliseconds from 2001 to 2096, as most SDKs include in the messageId. */
const MILLISECONDS = /[123][0-9]{12}/;

/** Returns the key of a messageId: 16 bytes for any length. */
export function messageKey(messageId: string, keys: Keys): string {
  const digest = hash('sha256', messageId, 'hex');
  const time = keys === 'timed' ? timeOf(messageId) : undefined;
  return time === undefined ? digest.slice(0, DIGITS) : time + digest.slice(0, DIGITS - TIME_DIGITS);
}

function timeOf(messageId: string): string | undefined {
  const uuid = TIMED_UUID.exec(messageId);
  if (uuid !== null) return (uuid[1]! + uuid[2]!).toLowerCase();
  const milliseconds = MILLISECONDS.exec(messageId);
  return milliseconds === null ? undefined : Number(milliseconds[0]).toString(16).padStart(TIME_DIGITS, '0');
}
