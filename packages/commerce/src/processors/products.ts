import { amountOf, minorOf } from '@waybill/core';
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

/** The products in the `products` of an event; a product that stands there twice is one. What is no product is skipped. */
export function productLines(products: unknown): readonly ProductLine[] {
  if (!Array.isArray(products)) return [];
  const lines = new Map<string, ProductLine>();
  for (const raw of products.slice(0, MOST_LINES)) {
    const line = productLine(raw, 1);
    if (line === undefined || line.quantity === 0) continue;
    const before = lines.get(line.key);
    const { quantity } = line;
    lines.set(line.key, before === undefined ? line : { ...line, quantity: quantity + before.quantity });
  }
  return [...lines.values()];
}

/** The members of a product that are texts, before and after its price. */
const TEXTS = ['product_id', 'variant_id', 'sku', 'name', 'brand', 'variant', 'category'] as const;
const LINKS = ['url', 'image_url'] as const;

/** The product that properties name; undefined when they name none. */
export function productLine(raw: unknown, quantity: number): ProductLine | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const of = raw as Readonly<Record<string, unknown>>;
  const product: { -readonly [K in keyof Product]: Product[K] } = {};
  const read = (names: typeof TEXTS | typeof LINKS): void => {
    for (const name of names) {
      const text = textIn(of[name]);
      if (text !== undefined && text.length <= LONGEST_TEXT) product[name] = text;
    }
  };
  read(TEXTS);
  const price = amountIn(of['price']);
  if (price !== undefined) product.price = price;
  read(LINKS);
  const id = product.product_id ?? product.sku ?? product.name;
  if (id === undefined) return undefined;
  return { key: keyOf(id, product.variant_id), quantity: amountIn(of['quantity']) ?? quantity, product };
}

/** Keys by what they are made of: events name the same products again and again. The older half goes when there are too many. */
let keys = new Map<string, string>();
let older = new Map<string, string>();
const MOST_KEYS = 4_000;

function keyOf(id: string, variant: string | undefined): string {
  const of = `${id.length} ${id}${variant ?? ''}`;
  const known = keys.get(of);
  if (known !== undefined) return known;
  // No key is a number: those would not stay in their order.
  const key = older.get(of) ?? `p${digest([id, variant ?? null]).slice(0, 10)}`;
  if (keys.size >= MOST_KEYS) {
    older = keys;
    keys = new Map();
  }
  keys.set(of, key);
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
