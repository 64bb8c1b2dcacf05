import { amountOf, minorOf, withoutAbsent } from '@waybill/core';
import { digest } from '../version.ts';
import { amountIn, textIn } from './values.ts';

/** A product as a derived event tells it. */
export interface Product {
  readonly product_id?: string;
  readonly variant_id?: string;
  readonly sku?: string;
  readonly name?: string;
  readonly brand?: string;
  readonly variant?: string;
  readonly category?: string;
  readonly price?: number;
  readonly url?: string;
  readonly image_url?: string;
}

/** A product that an event names, with how many of it. */
export interface ProductLine {
  /** The same for all events that name the product. */
  readonly key: string;
  readonly quantity: number;
  readonly product: Product;
}

/** Lines that are read of one event. */
const MOST_LINES = 40;
const LONGEST_TEXT = 500;

/** The products in the `products` of an event; a product that stands there twice is one. What is no product is passed over. */
export function productLines(products: unknown): readonly ProductLine[] {
  if (!Array.isArray(products)) return [];
  const lines = new Map<string, ProductLine>();
  for (const raw of products.slice(0, MOST_LINES)) {
    const line = productLine(raw, 1);
    if (line === undefined || line.quantity === 0) continue;
    const before = lines.get(line.key);
    lines.set(line.key, { ...line, quantity: line.quantity + (before?.quantity ?? 0) });
  }
  return [...lines.values()];
}

/** The product that properties name; undefined when they name none. */
export function productLine(raw: unknown, quantity: number): ProductLine | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const of = raw as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const found = textIn(of[name]);
    return found === undefined || found.length > LONGEST_TEXT ? undefined : found;
  };
  const product: Product = withoutAbsent({
    product_id: text('product_id'),
    variant_id: text('variant_id'),
    sku: text('sku'),
    name: text('name'),
    brand: text('brand'),
    variant: text('variant'),
    category: text('category'),
    price: amountIn(of['price']),
    url: text('url'),
    image_url: text('image_url'),
  });
  const id = product.product_id ?? product.sku ?? product.name;
  if (id === undefined) return undefined;
  return { key: keyOf(id, product.variant_id), quantity: amountIn(of['quantity']) ?? quantity, product };
}

/** Keys by what they are made of: events name the same products again and again. */
const KEYS = new Map<string, string>();
const MOST_KEYS = 2_000;

function keyOf(id: string, variant: string | undefined): string {
  const of = `${id.length} ${id}${variant ?? ''}`;
  const known = KEYS.get(of);
  if (known !== undefined) return known;
  // No key is a number: those would not stay in their order.
  const key = `p${digest([id, variant ?? null]).slice(0, 10)}`;
  if (KEYS.size >= MOST_KEYS) KEYS.clear();
  KEYS.set(of, key);
  return key;
}

/** What lines come to, in the unit that people name; undefined where a price is not known. */
export function valueOf(lines: readonly Omit<ProductLine, 'key'>[], currency: string): number | undefined {
  let sum = 0;
  for (const { quantity, product } of lines) {
    const price = product.price === undefined ? undefined : minorOf(product.price, currency);
    if (price === undefined) return undefined;
    sum += Math.round(price * quantity);
  }
  return amountOf(sum, currency);
}
