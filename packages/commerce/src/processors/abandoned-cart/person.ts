import type { Event } from '@waybill/core';
import { latest } from '../dated.ts';
import { joinedReach, type Reach, reachAfter } from '../reach.ts';
import { textIn } from '../values.ts';
import { type Cart, emptyCart, joined, withFact } from './cart.ts';
import { CART_EVENTS, cartIdOf, factOf, NAMELESS } from './fact.ts';

/** What is kept of a person. */
export interface Person extends Reach {
  /** In the order of their ids. */
  readonly carts: readonly Cart[];
  /** The newest order, and the newest that names no cart, in epoch milliseconds. */
  readonly orderedAt?: number;
  readonly namelessAt?: number;
  /** Carts that last changed before then are kept no more. */
  readonly forgottenTo?: number;
}

/** Carts that are kept of a person. */
const MOST_CARTS = 5;
const LONGEST_LINK = 1_000;

/** A person of whom nothing is known. */
export const NOBODY: Person = { carts: [] };

/** Whether there is nothing to keep. */
export function isNobody(person: Person): boolean {
  return person.carts.length === 0 && Object.keys(person).length === 1;
}

/** The person after an event. */
export function personAfter(
  person: Person,
  event: Event,
  {
    now,
    historical,
    channel,
  }: { readonly now: number; readonly historical: boolean; readonly channel: string },
): Person {
  // A clock that is ahead puts nothing into the future.
  const at = Math.min(Date.parse(event.timestamp), now);
  const keeps = !isNobody(person);
  const known: Person = { ...person, ...reachAfter(person, event, { at, channel, keeps }) };
  const { event: name = '', properties = {} } = event;
  const isOrder =
    name === 'Order Completed' || (name === 'Cart Updated' && properties['status'] === 'ordered');
  if (event.type !== 'track' || !(isOrder || CART_EVENTS.includes(name))) return known;
  const id = cartIdOf(event);
  const told = name === 'Order Completed' ? undefined : factOf(event, at, historical);
  const link = linkIn(properties);
  const cart: Cart = {
    ...(told === undefined ? emptyCart(id) : withFact(emptyCart(id), told)),
    ...(isOrder && id !== NAMELESS ? { orderedAt: at } : {}),
    ...(name === 'Cart Abandoned' ? { abandonedAt: at } : {}),
    ...(link === undefined || isOrder ? {} : { link: [at, link] }),
  };
  const ordered: Person = isOrder
    ? { carts: [], orderedAt: at, ...(id === NAMELESS ? { namelessAt: at } : {}) }
    : NOBODY;
  const isAboutCart = told !== undefined || Object.keys(cart).length > 3;
  return joinedPersons(known, isAboutCart ? { ...ordered, carts: [cart] } : ordered);
}

/**
 * What is kept of two as of one person. It does not matter which is which, nor in which order more than two are joined.
 */
export function joinedPersons(one: Person, other: Person): Person {
  const orderedAt = latest(one.orderedAt, other.orderedAt);
  const namelessAt = latest(one.namelessAt, other.namelessAt);
  const forgottenTo = latest(one.forgottenTo, other.forgottenTo);
  const carts = new Map(one.carts.map((cart) => [cart.id, cart]));
  for (const cart of other.carts) {
    const before = carts.get(cart.id);
    if (before === undefined && forgottenTo !== undefined && lastOf(cart) <= forgottenTo) continue;
    carts.set(cart.id, before === undefined ? cart : joined(before, cart));
  }
  return kept({
    carts: [...carts.values()],
    ...joinedReach(one, other),
    ...(orderedAt === undefined ? {} : { orderedAt }),
    ...(namelessAt === undefined ? {} : { namelessAt }),
    ...(forgottenTo === undefined ? {} : { forgottenTo }),
  });
}

function kept(person: Person): Person {
  const carts = person.carts.toSorted((a, b) => lastOf(b) - lastOf(a) || (a.id < b.id ? -1 : 1));
  const dropped = carts[MOST_CARTS];
  const left = carts.slice(0, MOST_CARTS).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (dropped === undefined) return { ...person, carts: left };
  return { ...person, carts: left, forgottenTo: latest(person.forgottenTo, lastOf(dropped))! };
}

/** When something was last heard of a cart. */
function lastOf({ facts, orderedAt = 0, abandonedAt = 0 }: Cart): number {
  return Math.max(facts.at(-1)?.at ?? 0, orderedAt, abandonedAt);
}

function linkIn(properties: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['cart_url', 'recovery_url', 'checkout_url']) {
    const link = textIn(properties[name]);
    if (link !== undefined && link.length <= LONGEST_LINK && /^https?:\/\//i.test(link)) return link;
  }
  return undefined;
}
