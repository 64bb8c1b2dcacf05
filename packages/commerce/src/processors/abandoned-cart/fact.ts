import type { Event } from '@waybill/core';
import { type Product, productLine, productLines } from '../products.ts';
import { amountIn, textIn } from '../values.ts';

/** A place among the events of a cart: by their times, then by their ids. */
export interface Place {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly id: string;
}

/** Pieces by key of the product. */
export type Pieces = Readonly<Record<string, number>>;

/** What an event says of the contents of a cart. */
export interface Fact extends Place {
  /** All there is in it, what was put in, or what was taken out; 0 pieces that are taken out are all. */
  readonly kind: 'whole' | 'added' | 'removed';
  readonly pieces: Pieces;
  /** What the cart comes to, as the event says. */
  readonly value?: number;
  readonly currency?: string;
  /** A back-fill told it. */
  readonly past?: true;
}

/** A fact with the products that it names, by their keys. */
export interface ToldFact {
  readonly fact: Fact;
  readonly products: Readonly<Record<string, Product>>;
}

/** The cart that an event without an id of one is about. */
export const NAMELESS = '';

/** Whole carts of shops and pages, and steps of pages. */
const WHOLE = new Set(['Cart Updated', 'Cart Viewed', 'Checkout Started', 'Cart Abandoned']);

/** The events that are about carts. */
export const CART_EVENTS: readonly string[] = [...WHOLE, 'Product Added', 'Product Removed'];

/** The id of the cart that an event is about. */
export function cartIdOf({ properties = {} }: Event): string {
  const id = textIn(properties['cart_id']) ?? textIn(properties['checkout_id']);
  return id === undefined || id.length > 200 ? NAMELESS : id;
}

/** What an event says of the contents of its cart; undefined when it says nothing of them. */
export function factOf(event: Event, at: number, past: boolean): ToldFact | undefined {
  const { event: name = '', messageId: id, properties = {} } = event;
  const place = { at, id, ...(past ? { past: true as const } : {}), ...currencyIn(properties) };
  if (WHOLE.has(name)) {
    const { products } = properties;
    if (!Array.isArray(products)) return undefined;
    // The beginning of a checkout, and the word that a cart is abandoned, are never told of an empty one.
    if (products.length === 0 && (name === 'Checkout Started' || name === 'Cart Abandoned')) return undefined;
    const pieces: Record<string, number> = {};
    const known: Record<string, Product> = {};
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
    fact: { ...place, kind: isAdded ? 'added' : 'removed', pieces: { [key]: quantity } },
    products: isAdded ? { [key]: product } : {},
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

/** Pieces after a fact. */
export function after(before: Pieces, { kind, pieces }: Pick<Fact, 'kind' | 'pieces'>): Pieces {
  if (kind === 'whole') return pieces;
  const left = { ...before };
  for (const [key, quantity] of Object.entries(pieces)) {
    const count = (left[key] ?? 0) + (kind === 'added' ? quantity : -quantity);
    if (kind === 'removed' && (quantity === 0 || count <= 0)) delete left[key];
    else left[key] = count;
  }
  return left;
}

/** Whether the same is in two carts. */
export function samePieces(one: Pieces, other: Pieces): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
