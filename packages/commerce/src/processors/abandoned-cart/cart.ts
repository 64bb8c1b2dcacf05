import { type Dated, latest, newer } from '../dated.ts';
import { keyed, keyedAll } from '../keyed.ts';
import type { Product } from '../products.ts';
import { after, type Fact, isAfter, type Pieces, type Place, samePieces, type ToldFact } from './fact.ts';

/** The state of a cart. */
export interface Cart {
  readonly id: string;
  /** In the order of their places. */
  readonly facts: readonly Fact[];
  /** Facts up to this place have been merged: late ones before it are ignored. */
  readonly floor?: Place;
  /** The latest data of products, by key, with the time. */
  readonly products: Readonly<Record<string, Dated<Product>>>;
  /** The newest order with the ID of the cart, in epoch milliseconds. */
  readonly orderedAt?: number;
  /** When the shop last reported it as abandoned. */
  readonly abandonedAt?: number;
  /** The newest link back to it. */
  readonly link?: Dated<string>;
  readonly reminded?: Reminded;
}

/** The progress of the reminders of a cart, for the contents since the event at this place. */
export interface Reminded extends Place {
  /** When the cart was abandoned, in epoch milliseconds. */
  readonly leftAt: number;
  /** The base for delays of further steps: later than `leftAt` after a late step. */
  readonly from: number;
  /** The number of steps that were sent or skipped. */
  readonly steps: number;
  /** The last step that was sent, from 1; 0 when none was. */
  readonly sent: number;
  readonly ended?: true;
}

/** A period with the same contents of a cart, starting at the event that set them. */
export interface Run extends Place {
  readonly pieces: Pieces;
  /** Whether only historical events describe it. */
  readonly past: boolean;
  /** The event with their value, if any. */
  readonly value?: number;
  readonly currency?: string;
}

/** The maximum number of facts of a cart. */
const MOST_FACTS = 20;
/** The maximum characters of JSON for the products of a cart. */
const MOST_PRODUCT_TEXT = 32_000;

/** Creates an empty cart state. */
export function emptyCart(id: string): Cart {
  return { id, facts: [], products: {} };
}

/** Adds a fact to a cart. */
export function withFact(cart: Cart, { fact, products }: ToldFact): Cart {
  const told = keyedAll<Dated<Product>>();
  for (const key of Object.keys(products)) told[key] = [fact.at, products[key]!];
  return withFacts(cart, [fact], told);
}

/** Merges two states of the same cart. */
export function joined(one: Cart, other: Cart): Cart {
  const both: { -readonly [K in keyof Cart]: Cart[K] } = {
    id: one.id,
    facts: one.facts,
    products: one.products,
  };
  const floor = latestPlace(one.floor, other.floor);
  if (floor !== undefined) both.floor = floor;
  const orderedAt = latest(one.orderedAt, other.orderedAt);
  if (orderedAt !== undefined) both.orderedAt = orderedAt;
  const abandonedAt = latest(one.abandonedAt, other.abandonedAt);
  if (abandonedAt !== undefined) both.abandonedAt = abandonedAt;
  const link = newer(one.link, other.link);
  if (link !== undefined) both.link = link;
  const reminded = further(one.reminded, other.reminded);
  if (reminded !== undefined) both.reminded = reminded;
  return withFacts(both, other.facts, other.products);
}

function withFacts(cart: Cart, more: readonly Fact[], products: Cart['products']): Cart {
  const { floor } = cart;
  let facts: Fact[] | undefined;
  for (const fact of more) {
    if (floor !== undefined && !isAfter(fact, floor)) continue;
    const before = facts ?? cart.facts;
    if (before.some(({ id }) => id === fact.id)) continue;
    let place = before.length;
    while (place > 0 && isAfter(before[place - 1]!, fact)) place -= 1;
    facts ??= [...cart.facts];
    facts.splice(place, 0, fact);
  }
  const all = facts ?? cart.facts;
  const folded = all.length > MOST_FACTS ? fold({ ...cart, facts: all }) : undefined;
  const known = newest(cart.products, products);
  return {
    ...(folded ?? cart),
    facts: folded?.facts ?? all,
    products: mentioned(known, folded?.facts ?? all),
  };
}

function newest(before: Cart['products'], told: Cart['products']): Cart['products'] {
  let after: Record<string, Dated<Product>> | undefined;
  for (const key of Object.keys(told)) {
    const known = (after ?? before)[key];
    const product = newer(known, told[key])!;
    if (product === known) continue;
    after ??= keyedAll(before);
    after[key] = product;
  }
  return after ?? before;
}

/** Merges the oldest facts, while there are too many. */
function fold(cart: Cart): Cart {
  let { facts, floor } = cart;
  while (facts.length > MOST_FACTS) {
    const [first, second, ...rest] = facts as readonly [Fact, Fact, ...Fact[]];
    const before = after({}, first);
    const pieces = after(before, second);
    const isSame = samePieces(before, pieces);
    const { past: _past, ...base } = isSame ? { ...second, at: first.at, id: first.id } : second;
    const past = isSame ? first.past === true && second.past === true : second.past === true;
    const one: Fact = { ...base, kind: 'whole', pieces, ...(past ? { past: true } : {}) };
    // A change does not contain the total value.
    const { value: _value, ...unvalued } = one;
    facts = [second.kind === 'whole' ? one : unvalued, ...rest];
    floor = { at: second.at, id: second.id };
  }
  return floor === undefined ? { ...cart, facts } : { ...cart, facts, floor };
}

/** Products that may still be in the cart: those of the last complete cart, and those added after it. */
function mentioned(products: Cart['products'], facts: readonly Fact[]): Cart['products'] {
  let first = facts.length - 1;
  while (first > 0 && facts[first]!.kind !== 'whole') first -= 1;
  const isIn = (key: string): boolean => {
    for (let at = Math.max(0, first); at < facts.length; at += 1) {
      const { kind, pieces } = facts[at]!;
      if (kind !== 'removed' && Object.hasOwn(pieces, key)) return true;
    }
    return false;
  };
  const keys = Object.keys(products);
  const kept = keys.filter(isIn);
  let most = 0;
  for (const key of kept) most += mostText(key, products[key]!);
  if (most <= MOST_PRODUCT_TEXT && kept.length === keys.length) return products;
  const left = kept.map((key) => [key, products[key]!] as const);
  if (most <= MOST_PRODUCT_TEXT) return keyed(left);
  let size = 0;
  return keyed(left.filter((one) => (size += JSON.stringify(one).length) <= MOST_PRODUCT_TEXT));
}

/** The maximum size of a product's JSON, which is serialised only when it may be too large. */
function mostText(key: string, [, product]: Dated<Product>): number {
  let most = 6 * key.length + 40;
  for (const name of Object.keys(product)) {
    const value = product[name as keyof Product];
    most += name.length + 30 + (typeof value === 'string' ? 6 * value.length : 0);
  }
  return most;
}

/**
 * Returns the period of the current contents. An order empties a cart that is described by changes, and a cart whose complete
 * contents are only repeated after it. Undefined when the contents are unknown.
 */
export function lastRunOf({ facts }: Pick<Cart, 'facts'>, orderedAt: number | undefined): Run | undefined {
  let last: Run | undefined;
  let pieces: Pieces = {};
  let bought: Pieces | undefined;
  let isOrdered = orderedAt === undefined;
  const order = (): void => {
    isOrdered = true;
    bought = pieces;
    pieces = {};
    last = { at: orderedAt!, id: '', pieces, past: false };
  };
  for (const fact of facts) {
    if (!isOrdered && fact.at > orderedAt!) order();
    const next = after(pieces, fact);
    const isWhole = fact.kind === 'whole';
    if (bought !== undefined && isWhole) {
      if (samePieces(bought, next)) continue;
      bought = undefined;
    }
    const past = fact.past === true;
    if (last !== undefined && samePieces(last.pieces, next)) {
      const isValued = isWhole && fact.value !== undefined;
      last = { ...last, past: last.past && past, ...(isValued ? worth(fact) : {}) };
      continue;
    }
    bought = undefined;
    pieces = next;
    const { currency } = fact;
    const { at, id } = fact;
    const priced = currency === undefined ? {} : { currency };
    last = { at, id, pieces, past, ...(isWhole ? worth(fact) : priced) };
  }
  if (!isOrdered) order();
  return last;
}

function worth({ value, currency }: Fact): Pick<Run, 'value' | 'currency'> {
  return { ...(value === undefined ? {} : { value }), ...(currency === undefined ? {} : { currency }) };
}

function latestPlace(one: Place | undefined, other: Place | undefined): Place | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isAfter(one, other) ? one : other;
}

function further(one: Reminded | undefined, other: Reminded | undefined): Reminded | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.id !== other.id) return isAfter(one, other) ? one : other;
  return one.steps > other.steps || (one.steps === other.steps && one.ended === true) ? one : other;
}
