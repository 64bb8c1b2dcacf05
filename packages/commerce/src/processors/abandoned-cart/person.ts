import type { Event } from '@waybill/core';
import { latest } from '../dated.ts';
import { joinedReach, type Reach, withReachAfter } from '../reach.ts';
import { textIn } from '../values.ts';
import { type Cart, emptyCart, joined, withFact } from './cart.ts';
import { CART_EVENTS, cartIdOf, factOf, NAMELESS } from './fact.ts';

/** The state of a person. */
export interface Person extends Reach {
  /** In the order of their IDs. */
  readonly carts: readonly Cart[];
  /** The newest order, and the newest without a cart ID, in epoch milliseconds. */
  readonly orderedAt?: number;
  readonly namelessAt?: number;
  /** Carts that last changed before this time are no longer stored. */
  readonly forgottenTo?: number;
}

/** The maximum number of carts of a person. */
const MOST_CARTS = 5;
const LONGEST_LINK = 1_000;
const LINKS = ['cart_url', 'recovery_url', 'checkout_url'] as const;
/** The events about carts. */
const OF_CARTS: ReadonlySet<string> = new Set(CART_EVENTS);

/** The state of an unknown person. */
export const NOBODY: Person = { carts: [] };

/** Whether there is nothing to store. */
export function isNobody(person: Person): boolean {
  return person.carts.length === 0 && Object.keys(person).length === 1;
}

/** Returns the state of a person after an event. */
export function personAfter(
  person: Person,
  event: Event,
  {
    now,
    historical,
    channel,
  }: { readonly now: number; readonly historical: boolean; readonly channel: string },
): Person {
  // A fast clock must not move anything into the future.
  const at = Math.min(Date.parse(event.timestamp), now);
  const keeps = !isNobody(person);
  const known = withReachAfter(person, event, { at, channel, keeps });
  const { event: name = '', properties = {} } = event;
  const isOrder =
    name === 'Order Completed' || (name === 'Cart Updated' && properties['status'] === 'ordered');
  if (event.type !== 'track' || !(isOrder || OF_CARTS.has(name))) return known;
  const id = cartIdOf(event);
  const told = name === 'Order Completed' ? undefined : factOf(event, at, historical);
  const link = linkIn(properties);
  const cart: { -readonly [K in keyof Cart]: Cart[K] } = {
    ...(told === undefined ? emptyCart(id) : withFact(emptyCart(id), told)),
  };
  if (isOrder && id !== NAMELESS) cart.orderedAt = at;
  if (name === 'Cart Abandoned') cart.abandonedAt = at;
  if (link !== undefined && !isOrder) cart.link = [at, link];
  const ordered: Person = isOrder
    ? { carts: [], orderedAt: at, ...(id === NAMELESS ? { namelessAt: at } : {}) }
    : NOBODY;
  const isAboutCart = told !== undefined || Object.keys(cart).length > 3;
  return joinedPersons(known, isAboutCart ? { ...ordered, carts: [cart] } : ordered);
}

/**
 * Merges the states of two keys of one person. Commutative and associative.
 */
export function joinedPersons(one: Person, other: Person): Person {
  const forgottenTo = latest(one.forgottenTo, other.forgottenTo);
  let { carts } = one;
  for (const cart of other.carts) carts = withCart(carts, cart, forgottenTo);
  const person: { -readonly [K in keyof Person]: Person[K] } = { carts, ...joinedReach(one, other) };
  const orderedAt = latest(one.orderedAt, other.orderedAt);
  if (orderedAt !== undefined) person.orderedAt = orderedAt;
  const namelessAt = latest(one.namelessAt, other.namelessAt);
  if (namelessAt !== undefined) person.namelessAt = namelessAt;
  if (forgottenTo !== undefined) person.forgottenTo = forgottenTo;
  return carts.length > MOST_CARTS ? withoutOldest(person) : person;
}

/** Adds a cart, in the order of IDs. */
function withCart(carts: readonly Cart[], cart: Cart, forgottenTo: number | undefined): readonly Cart[] {
  const place = carts.findIndex(({ id }) => id >= cart.id);
  const before = carts[place];
  if (before?.id === cart.id) return carts.with(place, joined(before, cart));
  if (forgottenTo !== undefined && lastOf(cart) <= forgottenTo) return carts;
  return place < 0 ? [...carts, cart] : carts.toSpliced(place, 0, cart);
}

function withoutOldest(person: Person): Person {
  const carts = person.carts.toSorted((a, b) => lastOf(b) - lastOf(a) || (a.id < b.id ? -1 : 1));
  const left = carts.slice(0, MOST_CARTS).sort((a, b) => (a.id < b.id ? -1 : 1));
  const dropped = carts[MOST_CARTS]!;
  return { ...person, carts: left, forgottenTo: latest(person.forgottenTo, lastOf(dropped))! };
}

/** Returns the time of the last event of a cart. */
function lastOf({ facts, orderedAt = 0, abandonedAt = 0 }: Cart): number {
  return Math.max(facts.at(-1)?.at ?? 0, orderedAt, abandonedAt);
}

function linkIn(properties: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of LINKS) {
    const link = textIn(properties[name]);
    if (link !== undefined && link.length <= LONGEST_LINK && /^https?:\/\//i.test(link)) return link;
  }
  return undefined;
}
