import { type Event, orderKey } from '@waybill/core';
import { digest } from '../version.ts';

/** The kinds of keys, the strongest first: an account, an e-mail address, a visitor. */
const RANKS = 'uea';

/** Who a person is, by all events of theirs so far: the strongest key, of equally strong ones the first by name. */
export function personAfter(known: string | undefined, event: Event): string {
  return strongest(known, orderKey(event))!;
}

/** The stronger of two keys of one person. */
export function strongest(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const [a, b] = [RANKS.indexOf(one[0]!), RANKS.indexOf(other[0]!)];
  return a < b || (a === b && one <= other) ? one : other;
}

/** Names a derived event of a person for ever, by what it is about. */
export function keyFor(person: string | undefined, ...about: readonly unknown[]): string {
  return digest([person ?? null, ...about]);
}
