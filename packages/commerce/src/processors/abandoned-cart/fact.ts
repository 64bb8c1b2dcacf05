import type { Event } from '@waybill/core';
import { keyedAll, keyedOne } from '../keyed.ts';
import { type Product, productLine, productLines } from '../products.ts';
import { amountIn, textIn } from '../values.ts';

/** A place among the events of a cart: by time, then by ID. */
export interface Place {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly id: string;
}

/** Quantities by product key. */
export type Pieces = Readonly<Record<string, number>>;

/** A fact from an event about the contents of a cart. */
export interface Fact extends Place {
  /** The complete contents, added or removed products; removing 0 removes all. */
  readonly kind: 'whole' | 'added' | 'removed';
  readonly pieces: Pieces;
  /** The value of the cart in the event. */
  readonly value?: number;
  readonly currency?: string;
  /** Whether it is historical. */
  readonly past?: true;
}

/** A fact with its products, by key. */
export interface ToldFact {
  readonly fact: Fact;
  readonly products: Readonly<Record<string, Product>>;
}

/** The key of the cart for events without a cart ID. */
export const NAMELESS = '';

/** Events with complete carts, from shops and pages. */
const WHOLE = new Set(['Cart Updated', 'Cart Viewed', 'Checkout Started', 'Cart Abandoned']);

/** The events about carts. */
export const CART_EVENTS: readonly string[] = [...WHOLE, 'Product Added', 'Product Removed'];

/** Returns the cart ID of an event. */
export function cartIdOf({ properties = {} }: Event): string {
  const id = textIn(properties['cart_id']) ?? textIn(properties['checkout_id']);
  return id === undefined || id.length > 200 ? NAMELESS : id;
}

/** Returns the fact of an event about its cart; undefined when it has none. */
export function factOf(event: Event, at: number, past: boolean): ToldFact | undefined {
  const { event: name = '', messageId: id, properties = {} } = event;
  const place = { at, id, ...(past ? { past: true as const } : {}), ...currencyIn(properties) };
  if (WHOLE.has(name)) {
    const { products } = properties;
    if (!Array.isArray(products)) return undefined;
    // The start of a checkout, and an abandoned cart, never describe an empty cart.
    if (products.length === 0 && (name === 'Checkout Started' || name === 'Cart Abandoned')) return undefined;
    const pieces = keyedAll<number>();
    const known = keyedAll<Product>();
    for (const { key, quantity, product } of productLines(products)) {
      pieces[key] = quantity;
      known[key] = product;
    }
    const value = valueIn(properties);
    const worth = value === undefined ? {} : { value };
    return { fact: { ...place, ...worth, kind: 'whole', pieces }, products: known };
  }
  const isAdded = name === 'Product Added';
  const line = productLine(properties, isAdded ? 1 : 0);
  if (line === undefined || (isAdded && line.quantity === 0)) return undefined;
  const { key, quantity, product } = line;
  return {
    fact: { ...place, kind: isAdded ? 'added' : 'removed', pieces: keyedOne(key, quantity) },
    products: isAdded ? keyedOne(key, product) : {},
  };
}

function currencyIn({ currency }: Readonly<Record<string, unknown>>): Pick<Fact, 'currency'> {
  const code = textIn(currency);
  return code !== undefined && /^[A-Za-z]{3}$/.test(code) ? { currency: code.toUpperCase() } : {};
}

function valueIn(properties: Readonly<Record<string, unknown>>): number | undefined {
  for (const name of ['value', 'subtotal', 'revenue', 'total']) {
    const value = amountIn(properties[name]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether one place is after another. */
export function isAfter(one: Place, other: Place): boolean {
  return one.at === other.at ? one.id > other.id : one.at > other.at;
}

/** Returns the quantities after a fact. */
export function after(before: Pieces, { kind, pieces }: Pick<Fact, 'kind' | 'pieces'>): Pieces {
  if (kind === 'whole') return pieces;
  const left = keyedAll(before);
  for (const [key, quantity] of Object.entries(pieces)) {
    const count = (left[key] ?? 0) + (kind === 'added' ? quantity : -quantity);
    if (kind === 'removed' && (quantity === 0 || count <= 0)) delete left[key];
    else left[key] = count;
  }
  return left;
}

/** Whether two carts have the same contents. */
export function samePieces(one: Pieces, other: Pieces): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
