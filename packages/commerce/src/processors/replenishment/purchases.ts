import { withoutAbsent } from '@waybill/core';
import type { Line } from '../order-lines.ts';
import { givenBack, isUndone, type OrderedProduct } from '../order-products.ts';
import { ordersIn } from '../order-keys.ts';
import { joined, type OrderRecord } from '../order-record.ts';

/** A product that can be bought again. */
export interface Product extends OrderedProduct {
  readonly sku?: string;
  readonly category?: string;
  readonly name?: string;
}

/** The parts of an order that matter here. */
export type Order = OrderRecord<readonly Product[]>;

/** The purchases of one product. */
export interface Purchases {
  readonly product: Product;
  /** Times of its orders, in epoch milliseconds, the oldest first. */
  readonly times: readonly number[];
  readonly lastOrderId: string;
  /** Whether the last purchase is live. */
  readonly isLive: boolean;
}

const MOST_PRODUCTS = 20;
const LONGEST_NAME = 60;

/** Returns the stored products of an order. */
export function productsOf(lines: readonly Line[]): readonly Product[] {
  return lines.slice(0, MOST_PRODUCTS).flatMap(({ productId, sku, category, name, quantity }) => {
    const id = productId ?? sku;
    if (id === undefined) return [];
    const short = (text: string | undefined): string | undefined => text?.slice(0, LONGEST_NAME);
    return [withoutAbsent({ id, sku, category: short(category), name: short(name), quantity }) as Product];
  });
}

/** Returns the purchases, by product, without undone orders and returned products. */
export function purchasesOf(orders: Readonly<Record<string, Order>>): readonly Purchases[] {
  const all = new Map<string, Purchases>();
  const placed = Object.entries(ordersIn(orders, joined))
    .filter(([, order]) => order.placed !== undefined && !isUndone(order))
    .sort(([a, one], [b, other]) =>
      one.placed!.value === other.placed!.value
        ? a < b
          ? -1
          : 1
        : one.placed!.value < other.placed!.value
          ? -1
          : 1,
    );
  for (const [lastOrderId, order] of placed) {
    const back = givenBack(order);
    for (const product of order.lines?.value ?? []) {
      if (back.has(product.id)) continue;
      const known = all.get(product.id);
      if (known?.lastOrderId === lastOrderId) continue;
      const times = [...(known?.times ?? []), Date.parse(order.placed!.value)];
      all.set(product.id, { product, times, lastOrderId, isLive: order.live === true });
    }
  }
  return [...all.values()];
}
