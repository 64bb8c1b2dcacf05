import { withoutAbsent } from '@waybill/core';
import { amountIn, textIn } from './values.ts';

/** An item of an order, from its event. */
export interface Line {
  readonly productId?: string;
  readonly sku?: string;
  readonly name?: string;
  readonly category?: string;
  readonly brand?: string;
  readonly price?: number;
  readonly quantity: number;
  readonly url?: string;
  readonly imageUrl?: string;
}

/** The maximum number of items that are read from an event. */
const MOST_LINES = 100;

/** Returns the items of an event; skips invalid ones. */
export function linesOf(products: unknown): readonly Line[] {
  if (!Array.isArray(products)) return [];
  return products.slice(0, MOST_LINES).flatMap((product: unknown) => {
    if (typeof product !== 'object' || product === null) return [];
    const of = product as Readonly<Record<string, unknown>>;
    return [
      withoutAbsent({
        productId: textIn(of['product_id']),
        sku: textIn(of['sku']),
        name: textIn(of['name']),
        category: textIn(of['category']),
        brand: textIn(of['brand']),
        price: amountIn(of['price']),
        quantity: amountIn(of['quantity']) ?? 1,
        url: textIn(of['url']),
        imageUrl: textIn(of['image_url']),
      }) as Line,
    ];
  });
}
