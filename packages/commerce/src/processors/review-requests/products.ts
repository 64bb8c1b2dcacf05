import { withoutAbsent } from '@waybill/core';
import type { Line } from '../order-lines.ts';
import { givenBack, isUndone, type OrderedProduct } from '../order-products.ts';
import type { OrderRecord } from '../order-record.ts';

/** A product that can be reviewed. */
export interface Product extends OrderedProduct {
  readonly name?: string;
  readonly url?: string;
  readonly imageUrl?: string;
}

/** The parts of an order that matter for reviews. */
export type Order = OrderRecord<readonly Product[]>;

/** When to request a review, in epoch milliseconds, and why then. */
export interface Asking {
  readonly product: Product;
  readonly at: number;
  readonly because: 'delivered' | 'shipped';
}

/** The delays, in days. */
export interface Delays {
  readonly deliveredDays: number;
  /** 0 means never. */
  readonly shippedDays: number;
}

const DAY = 86_400_000;
const MOST_PRODUCTS = 20;
const LONGEST_NAME = 100;
const LONGEST_URL = 500;

/** Returns the stored products of an order. */
export function productsOf(lines: readonly Line[]): readonly Product[] {
  return lines.slice(0, MOST_PRODUCTS).flatMap(({ productId, sku, name, url, imageUrl, quantity }) => {
    const id = productId ?? sku;
    if (id === undefined) return [];
    const fits = (text: string | undefined): string | undefined =>
      text === undefined || text.length > LONGEST_URL ? undefined : text;
    return [
      withoutAbsent({
        id,
        quantity,
        name: name?.slice(0, LONGEST_NAME),
        url: fits(url),
        imageUrl: fits(imageUrl),
      }) as Product,
    ];
  });
}

/** Returns the same for a parcel or a refund: the order has the details. */
export function partsOf(lines: readonly Line[]): readonly Product[] {
  return productsOf(lines).map(({ id, quantity }) => ({ id, quantity }));
}

/** Returns the requests for an order, one per product; ignores parcels that are only historical. */
export function askingsOf(order: Order, { deliveredDays, shippedDays }: Delays): readonly Asking[] {
  if (isUndone(order)) return [];
  const back = givenBack(order);
  const ordered = order.lines?.value ?? [];
  const all = Object.entries(order.parcels ?? {});
  // A page reports a parcel of the shop without an ID: if there are IDs, only those count.
  const named = all.filter(([id]) => id !== '');
  const first = new Map<string, Asking>();
  for (const [, { shipped, delivered, lines, live }] of named.length > 0 ? named : all) {
    const because = delivered === undefined ? 'shipped' : 'delivered';
    const days = delivered === undefined ? shippedDays : deliveredDays;
    if (live !== true || (because === 'shipped' && days === 0)) continue;
    const at = Date.parse(delivered ?? shipped!) + days * DAY;
    const inside = lines === undefined || lines.value.length === 0 ? ordered : lines.value;
    for (const { id, quantity } of inside) {
      const known = first.get(id);
      if (back.has(id) || (known !== undefined && known.at <= at)) continue;
      first.set(id, { product: ordered.find((one) => one.id === id) ?? { id, quantity }, at, because });
    }
  }
  return [...first.values()];
}
