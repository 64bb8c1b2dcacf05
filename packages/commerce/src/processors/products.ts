import { amountOf, minorOf } from '@waybill/core';
import { digest } from '../version.ts';
import { amountIn, textIn } from './values.ts';

/** A product in a derived event. */
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

/** A product in an event, with its quantity. */
export interface ProductLine {
  /** The same for all events with the product. */
  readonly key: string;
  readonly quantity: number;
  readonly product: Product;
}

/** The maximum number of items that are read from an event. */
const MOST_LINES = 40;
const LONGEST_TEXT = 500;

/** Returns the products in `products` of an event, merging duplicates; skips invalid ones. */
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

/** The string members of a product, before and after its price. */
const TEXTS = ['product_id', 'variant_id', 'sku', 'name', 'brand', 'variant', 'category'] as const;
const LINKS = ['url', 'image_url'] as const;

/** Returns the product in properties; undefined when there is none. */
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

/** A cache of keys, because events repeat products. The older half is dropped when it is full. */
let keys = new Map<string, string>();
let older = new Map<string, string>();
const MOST_KEYS = 4_000;

function keyOf(id: string, variant: string | undefined): string {
  const of = `${id.length} ${id}${variant ?? ''}`;
  const known = keys.get(of);
  if (known !== undefined) return known;
  // Keys are never numeric: objects would reorder those.
  const key = older.get(of) ?? `p${digest([id, variant ?? null]).slice(0, 10)}`;
  if (keys.size >= MOST_KEYS) {
    older = keys;
    keys = new Map();
  }
  keys.set(of, key);
  return key;
}

/** Returns the value of items, in major units; undefined when a price is unknown. */
export function valueOf(lines: readonly Omit<ProductLine, 'key'>[], currency: string): number | undefined {
  let sum = 0;
  for (const { quantity, product } of lines) {
    const price = product.price === undefined ? undefined : minorOf(product.price, currency);
    if (price === undefined) return undefined;
    sum += Math.round(price * quantity);
  }
  return amountOf(sum, currency);
}
