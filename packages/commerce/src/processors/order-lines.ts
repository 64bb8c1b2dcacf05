import { withoutAbsent } from '@waybill/core';
import { amountIn, textIn } from './values.ts';

/** A line of an order, as its event tells it. */
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

/** Lines that are read of one event. */
const MOST_LINES = 100;

/** The lines of an event. What is no line is skipped. */
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
