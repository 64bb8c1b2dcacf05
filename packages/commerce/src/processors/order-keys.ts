import type { Event } from '@waybill/core';
import { digest } from '../version.ts';
import { keyedAll } from './keyed.ts';
import { textIn } from './values.ts';

/*
 * Orders are stored under their ID and, if a shop reports them, the source of the shop: two shops may have the same ID. A page
 * knows no source, so its facts are stored under the ID alone, and belong to the shop with that ID, if there is one.
 */

/** The maximum length of an ID that is stored unchanged. */
const LONGEST_ID = 64;
/** The separator between the ID of an order and that of its shop. */
const OF = '\t';

/** Returns an ID for storage. */
export function shortId(id: string): string {
  return id.length <= LONGEST_ID && !id.includes(OF) ? id : digest(id);
}

/** Returns the key of the order of an event. */
export function orderKeyOf(id: string, { context }: Event): string {
  const source = context?.['source'] as { readonly id?: unknown } | null | undefined;
  const shop = textIn(source?.id);
  return shop === undefined ? shortId(id) : `${shortId(id)}${OF}${shortId(shop)}`;
}

/** Returns the ID of an order in the shop. */
export function orderIdOf(key: string): string {
  const end = key.indexOf(OF);
  return end < 0 ? key : key.slice(0, end);
}

/** Whether two keys can be of one order: those of two shops cannot. */
export function isSameOrder(one: string, other: string): boolean {
  return one === other || one === orderIdOf(other) || other === orderIdOf(one);
}

/**
 * Returns the key under which a stored order counts: facts from a page count for the shop with the ID. Undefined where two
 * shops have it: then it is ambiguous, and each reports its own.
 */
export function countsAs(keys: Iterable<string>): (key: string) => string | undefined {
  const shops = new Map<string, string | undefined>();
  for (const key of keys) {
    const id = orderIdOf(key);
    if (id !== key) shops.set(id, shops.has(id) ? undefined : key);
  }
  return (key) => (shops.has(key) ? shops.get(key) : key);
}

/** Returns the orders, by the keys under which they count. */
export function ordersIn<T>(
  kept: Readonly<Record<string, T>>,
  join: (one: T, other: T) => T,
): Readonly<Record<string, T>> {
  const keys = Object.keys(kept);
  const keyOf = countsAs(keys);
  if (keys.every((key) => keyOf(key) === key)) return kept;
  const orders = keyedAll<T>();
  for (const [key, one] of Object.entries(kept)) {
    const as = keyOf(key);
    if (as === undefined) continue;
    const other = Object.hasOwn(orders, as) ? orders[as] : undefined;
    orders[as] = other === undefined ? one : join(other, one);
  }
  return orders;
}
