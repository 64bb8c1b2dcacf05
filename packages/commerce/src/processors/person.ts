import { type Event, orderKey } from '@waybill/core';
import { digest } from '../version.ts';

/** The kinds of keys, the strongest first: an account, an e-mail address, a visitor. */
const RANKS = 'uea';

/** Returns the identity of a person by all events so far: the strongest key, among equals the alphabetically first. */
export function personAfter(known: string | undefined, event: Event): string {
  return strongest(known, orderKey(event))!;
}

/** Returns the stronger of two keys of one person. */
export function strongest(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const [a, b] = [RANKS.indexOf(one[0]!), RANKS.indexOf(other[0]!)];
  return a < b || (a === b && one <= other) ? one : other;
}

/** Returns the permanent key of a derived event of a person, by its subject. */
export function keyFor(person: string | undefined, ...about: readonly unknown[]): string {
  return digest([person ?? null, ...about]);
}
