import type { Event } from '@waybill/core';
import { digest } from '../version.ts';
import { textIn } from './values.ts';

/*
 * Orders are kept under their id and, where a shop tells of them, the source that reads the shop: two shops may have the same id. A page
 * knows no source, so what it tells stands under the id alone, and is of the shop that has the id, if one has.
 */

/** The longest id that is kept as it is. */
const LONGEST_ID = 64;
/** Between the id of an order and that of its shop. */
const OF = '\t';

/** An id as it is kept. */
export function shortId(id: string): string {
  return id.length <= LONGEST_ID && !id.includes(OF) ? id : digest(id);
}

/** The key of an order of which an event tells. */
export function orderKeyOf(id: string, { context }: Event): string {
  const source = context?.['source'] as { readonly id?: unknown } | null | undefined;
  const shop = textIn(source?.id);
  return shop === undefined ? shortId(id) : `${shortId(id)}${OF}${shortId(shop)}`;
}

/** The id of an order, as the shop has it. */
export function orderIdOf(key: string): string {
  const end = key.indexOf(OF);
  return end < 0 ? key : key.slice(0, end);
}

/** Whether two keys may be of one order: those of two shops are not. */
export function isSameOrder(one: string, other: string): boolean {
  return one === other || one === orderIdOf(other) || other === orderIdOf(one);
}

/**
 * The key under which an order counts that is kept under a key: what a page tells counts for the shop that has the id. Undefined where
 * two have it, as nobody knows which of them is meant, and each tells of its own.
 */
export function countsAs(keys: Iterable<string>): (key: string) => string | undefined {
  const shops = new Map<string, string | undefined>();
  for (const key of keys) {
    const id = orderIdOf(key);
    if (id !== key) shops.set(id, shops.has(id) ? undefined : key);
  }
  return (key) => (shops.has(key) ? shops.get(key) : key);
}

/** The orders that there are, by the keys under which they count. */
export function ordersIn<T>(
  kept: Readonly<Record<string, T>>,
  join: (one: T, other: T) => T,
): Readonly<Record<string, T>> {
  const keys = Object.keys(kept);
  const keyOf = countsAs(keys);
  if (keys.every((key) => keyOf(key) === key)) return kept;
  const orders: Record<string, T> = {};
  for (const [key, one] of Object.entries(kept)) {
    const as = keyOf(key);
    if (as === undefined) continue;
    const other = Object.hasOwn(orders, as) ? orders[as] : undefined;
    orders[as] = other === undefined ? one : join(other, one);
  }
  return orders;
}
