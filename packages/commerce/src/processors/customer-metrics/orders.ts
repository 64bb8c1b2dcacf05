import { digest } from '../../version.ts';
import { keyed } from '../keyed.ts';
import { amountsOf, type OrderAmounts } from '../order-money.ts';
import { countsAs, orderIdOf, ordersIn } from '../order-keys.ts';
import { both, joined, type OrderRecord } from '../order-record.ts';
import { added, type Affinity, bounded, type Counts } from './affinity.ts';

/** The orders of a customer. */
export interface Orders {
  /** By key. */
  readonly known: Readonly<Record<string, OrderRecord<Affinity>>>;
  readonly folded?: Folded;
}

/** The merged totals of older orders. */
export interface Folded {
  /** Digests of their IDs, concatenated, so that none is counted again. */
  readonly ids: string;
  readonly count: number;
  readonly first?: Placed;
  readonly last?: Placed;
  /** Amounts by currency, and by base currency. */
  readonly money: readonly MoneySum[];
  readonly categories: Counts;
  readonly brands: Counts;
  /** The number of orders by day of the week. */
  readonly days: Counts;
}

/** Amounts of some orders. */
export interface MoneySum extends OrderAmounts {
  readonly orders: number;
}

/** An order and its time, ISO 8601. */
export interface Placed {
  readonly at: string;
  readonly id: string;
}

/** Returns the day of the week of a time. */
export type DayOf = (at: string) => string | undefined;

/** The maximum number of single orders, and of remembered IDs of older ones. */
const MOST_ORDERS = 200;
const MOST_IDS = 4_000;
/** The length of the digest of an ID. */
const NAME = 8;

const NONE: Folded = { ids: '', count: 0, money: [], categories: {}, brands: {}, days: {} };

/** Adds new facts to orders. */
export function withFacts(orders: Orders, facts: Orders['known'], dayOf: DayOf): Orders {
  const ids = new Set(namesIn(orders.folded?.ids ?? ''));
  const fresh =
    ids.size === 0
      ? facts
      : keyed(
          Object.entries(facts).filter(([id]) => !ids.has(nameOf(id)) && !ids.has(nameOf(orderIdOf(id)))),
        );
  return folding({ ...orders, known: both(orders.known, fresh, joined)! }, dayOf);
}

/** Merges the orders of two states of one customer. */
export function joinedOrders(one: Orders, other: Orders, dayOf: DayOf): Orders {
  const folded =
    one.folded === undefined || other.folded === undefined
      ? (one.folded ?? other.folded)
      : joinedFolds(one.folded, other.folded);
  const none = folded === undefined ? { known: {} } : { known: {}, folded };
  return withFacts(withFacts(none, one.known, dayOf), other.known, dayOf);
}

/** Whether an order counts. */
export function counts({ placed, cancelled, test }: OrderRecord<unknown>): boolean {
  return placed !== undefined && cancelled === undefined && test !== true;
}

/** Returns the amounts of an order as a sum; none while they are unknown. */
export function sumsOf(order: OrderRecord<unknown>): readonly MoneySum[] {
  const amounts = amountsOf(order);
  return amounts === undefined ? [] : [{ ...amounts, orders: 1 }];
}

function folding({ known, folded }: Orders, dayOf: DayOf): Orders {
  const all = Object.entries(ordersIn(known, joined));
  if (all.length <= MOST_ORDERS) return folded === undefined ? { known } : { known, folded };
  const old = all
    .toSorted(([one, a], [other, b]) => compare([a.placed?.value ?? '', one], [b.placed?.value ?? '', other]))
    .slice(0, all.length - MOST_ORDERS);
  const keyOf = countsAs(Object.keys(known));
  const gone = new Set(old.map(([id]) => id));
  return {
    known: keyed(Object.entries(known).filter(([id]) => !gone.has(keyOf(id) ?? id))),
    folded: old.reduce((into, [id, order]) => foldedWith(into, id, order, dayOf), folded ?? NONE),
  };
}

function foldedWith(into: Folded, id: string, order: OrderRecord<Affinity>, dayOf: DayOf): Folded {
  if (order.placed === undefined) return into;
  const ids = (into.ids + nameOf(id)).slice(-MOST_IDS * NAME);
  if (!counts(order)) return { ...into, ids };
  const at = order.placed.value;
  const day = dayOf(at);
  const { categories = {}, brands = {} } = order.lines?.value ?? {};
  return joinedFolds(
    { ...into, ids },
    {
      ids: '',
      count: 1,
      first: { at, id },
      last: { at, id },
      money: sumsOf(order),
      categories,
      brands,
      days: day === undefined ? {} : { [day]: 1 },
    },
  );
}

function joinedFolds(one: Folded, other: Folded): Folded {
  const placed = [one.first, other.first, one.last, other.last].flatMap((place) => place ?? []);
  const sorted = placed.sort((a, b) => compare([a.at, a.id], [b.at, b.id]));
  return {
    ids: (one.ids + other.ids).slice(-MOST_IDS * NAME),
    count: one.count + other.count,
    ...(sorted.length === 0 ? {} : { first: sorted[0]!, last: sorted.at(-1)! }),
    money: summed([...one.money, ...other.money]),
    categories: bounded(added(one.categories, other.categories)),
    brands: bounded(added(one.brands, other.brands)),
    days: added(one.days, other.days),
  };
}

function summed(money: readonly MoneySum[]): readonly MoneySum[] {
  const sums = new Map<string, MoneySum>();
  for (const one of money) {
    const key = `${one.currency} ${one.baseCurrency ?? ''}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? one : sumOf(sum, one));
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

function sumOf(one: MoneySum, other: MoneySum): MoneySum {
  return {
    ...one,
    orders: one.orders + other.orders,
    total: one.total + other.total,
    refunded: one.refunded + other.refunded,
    ...(one.base === undefined ? {} : { base: one.base + (other.base ?? 0) }),
  };
}

function nameOf(id: string): string {
  return digest(id).slice(0, NAME);
}

function namesIn(ids: string): readonly string[] {
  return ids.match(/.{8}/g) ?? [];
}

function compare([a, one]: readonly [string, string], [b, other]: readonly [string, string]): number {
  return a === b ? (one < other ? -1 : 1) : a < b ? -1 : 1;
}
