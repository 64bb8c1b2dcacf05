import { type Dated, latest, newer } from '../dated.ts';
import type { Product } from '../products.ts';
import { after, type Fact, isAfter, type Pieces, type Place, samePieces, type ToldFact } from './fact.ts';

/** What is kept of one cart. */
export interface Cart {
  readonly id: string;
  /** In the order of their places. */
  readonly facts: readonly Fact[];
  /** Facts up to this place have been made one: those that come later are left out. */
  readonly floor?: Place;
  /** What products were last told to be, by key, with the time. */
  readonly products: Readonly<Record<string, Dated<Product>>>;
  /** The newest order that names the cart, in epoch milliseconds. */
  readonly orderedAt?: number;
  /** When the shop last called it abandoned. */
  readonly abandonedAt?: number;
  /** The newest link back to it. */
  readonly link?: Dated<string>;
  readonly reminded?: Reminded;
}

/** How far the reminders of a cart have come: they are of the contents that the event at this place made. */
export interface Reminded extends Place {
  /** When it was left, in epoch milliseconds. */
  readonly leftAt: number;
  /** What the delays of further steps count from: later than `leftAt` after a step that was late. */
  readonly from: number;
  /** Steps that were sent or passed over. */
  readonly steps: number;
  /** The last step that was sent, from 1; 0 when none was. */
  readonly sent: number;
  readonly ended?: true;
}

/** A time in which the contents of a cart stay the same. It begins at the place of the event that made them. */
export interface Run extends Place {
  readonly pieces: Pieces;
  /** Told by back-fills alone. */
  readonly past: boolean;
  /** The event that says what they come to, where one does. */
  readonly value?: number;
  readonly currency?: string;
}

/** Facts that are kept of a cart. */
const MOST_FACTS = 20;
/** Characters of JSON that are kept of the products of a cart. */
const MOST_PRODUCT_TEXT = 32_000;

/** A cart of which nothing is known. */
export function emptyCart(id: string): Cart {
  return { id, facts: [], products: {} };
}

/** A cart with one more fact. */
export function withFact(cart: Cart, { fact, products }: ToldFact): Cart {
  return withFacts(
    cart,
    [fact],
    Object.entries(products).map(([key, product]) => [key, [fact.at, product]]),
  );
}

/** Two views of the same cart as one. */
export function joined(one: Cart, other: Cart): Cart {
  const floor = latestPlace(one.floor, other.floor);
  const orderedAt = latest(one.orderedAt, other.orderedAt);
  const abandonedAt = latest(one.abandonedAt, other.abandonedAt);
  const link = newer(one.link, other.link);
  const reminded = further(one.reminded, other.reminded);
  const both: Cart = {
    id: one.id,
    facts: one.facts,
    products: one.products,
    ...(floor === undefined ? {} : { floor }),
    ...(orderedAt === undefined ? {} : { orderedAt }),
    ...(abandonedAt === undefined ? {} : { abandonedAt }),
    ...(link === undefined ? {} : { link }),
    ...(reminded === undefined ? {} : { reminded }),
  };
  return withFacts(both, other.facts, Object.entries(other.products));
}

function withFacts(
  cart: Cart,
  more: readonly Fact[],
  products: readonly (readonly [string, Dated<Product>])[],
): Cart {
  const facts = new Map(cart.facts.map((fact) => [fact.id, fact]));
  for (const fact of more) {
    const isFolded = cart.floor !== undefined && !isAfter(fact, cart.floor);
    if (!isFolded && !facts.has(fact.id)) facts.set(fact.id, fact);
  }
  const sorted = [...facts.values()].sort((a, b) => (isAfter(a, b) ? 1 : -1));
  const known: Record<string, Dated<Product>> = { ...cart.products };
  for (const [key, product] of products) known[key] = newer(known[key], product)!;
  const folded = fold({ ...cart, facts: sorted });
  return { ...folded, products: mentioned(known, folded.facts) };
}

/** Makes the oldest facts one, as long as there are more than are kept. */
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
    // A change says nothing of the value of all.
    const { value: _value, ...unvalued } = one;
    facts = [second.kind === 'whole' ? one : unvalued, ...rest];
    floor = { at: second.at, id: second.id };
  }
  return floor === undefined ? { ...cart, facts } : { ...cart, facts, floor };
}

/** Products that may still be in the cart: those of the last whole cart, and those that were put in after it. */
function mentioned(products: Cart['products'], facts: readonly Fact[]): Cart['products'] {
  const since = facts.slice(
    Math.max(
      0,
      facts.findLastIndex(({ kind }) => kind === 'whole'),
    ),
  );
  const told = since.filter(({ kind }) => kind !== 'removed');
  const keys = new Set(told.flatMap(({ pieces }) => Object.keys(pieces)));
  const kept = Object.entries(products).filter(([key]) => keys.has(key));
  let size = 0;
  return Object.fromEntries(kept.filter((one) => (size += JSON.stringify(one).length) <= MOST_PRODUCT_TEXT));
}

/**
 * The times in which the contents stayed the same, in order. An order empties a cart that is told by changes; a shop that tells the same
 * contents again after it has only touched the cart.
 */
export function runsOf({ facts }: Pick<Cart, 'facts'>, orderedAt: number | undefined): readonly Run[] {
  const runs: Run[] = [];
  let pieces: Pieces = {};
  let bought: Pieces | undefined;
  let isOrdered = orderedAt === undefined;
  const order = (): void => {
    isOrdered = true;
    bought = pieces;
    pieces = {};
    runs.push({ at: orderedAt!, id: '', pieces, past: false });
  };
  for (const fact of facts) {
    if (!isOrdered && fact.at > orderedAt!) order();
    const next = after(pieces, fact);
    if (bought !== undefined && fact.kind === 'whole') {
      if (samePieces(bought, next)) continue;
      bought = undefined;
    }
    const last = runs.at(-1);
    if (last !== undefined && samePieces(last.pieces, next)) {
      const isValued = fact.kind === 'whole' && fact.value !== undefined;
      runs[runs.length - 1] = {
        ...last,
        past: last.past && fact.past === true,
        ...(isValued ? worth(fact) : {}),
      };
      continue;
    }
    bought = undefined;
    pieces = next;
    const { at, id } = fact;
    const { value: _value, ...unvalued } = worth(fact);
    runs.push({
      at,
      id,
      pieces,
      past: fact.past === true,
      ...(fact.kind === 'whole' ? worth(fact) : unvalued),
    });
  }
  if (!isOrdered) order();
  return runs;
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
