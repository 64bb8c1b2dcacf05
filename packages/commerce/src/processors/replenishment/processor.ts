import { defineProcessor, type Payload, type Progress, withoutAbsent } from '@waybill/core';
import { keyed, keyedAll, keyedOne } from '../keyed.ts';
import { newestOf } from '../order-age.ts';
import { orderFacts, ORDER_EVENTS } from '../order-facts.ts';
import { isSameOrder, orderIdOf } from '../order-keys.ts';
import { both, joined } from '../order-record.ts';
import { keyFor, personAfter, strongest } from '../person.ts';
import { due, settings } from './fields.ts';
import { type Interval, intervalOf } from './interval.ts';
import { type Order, productsOf, type Purchases, purchasesOf } from './purchases.ts';

interface Customer {
  readonly person?: string;
  readonly orders: Readonly<Record<string, Order>>;
  /** By product, the order of the last report: one per cycle. */
  readonly said: Readonly<Record<string, string>>;
}

const events = { 'Replenishment Due': due } as const;
type Settings = Payload<typeof settings>;
type Step = Progress<Customer, typeof events>;

/** The timer for the next product. */
const NEXT = 'used up';
const DAY = 86_400_000;
/** The maximum number of orders of a customer. */
const MOST_ORDERS = 50;

/** A processor that reports when a repeatedly bought product is probably used up, once per purchase. */
export const replenishment = defineProcessor({
  slug: 'replenishment',
  name: 'Replenishment',
  description:
    "Reports when a product is used up: by the intervals between the customer's purchases, or by a number of days.",
  settings,
  trigger: ORDER_EVENTS,
  events,
  initial: (): Customer => ({ orders: {}, said: {} }),
  process(state, event, { settings: given }) {
    const found = orderFacts(event, { lines: productsOf });
    if (found === undefined) return { state };
    const orders = newestOf(both(state.orders, keyedOne(found.id, found.record), joined)!, MOST_ORDERS);
    return looking({ ...state, orders, person: personAfter(state.person, event) }, given);
  },
  wake(state, timer, { settings: given }) {
    const now = waitingOf(state, given).filter(({ at }) => at <= timer.due);
    const said = keyedAll(state.said);
    for (const { purchases } of now) said[purchases.product.id] = purchases.lastOrderId;
    const ids = now.map(({ purchases }) => purchases.product.id).join(', ');
    return {
      ...looking({ ...state, said }, given),
      events: now.map((one) => dueOf(state.person, one)),
      note: now.length === 0 ? 'Skipped: nothing is used up any more.' : `Reported: ${ids} used up.`,
    };
  },
  merge(state, { state: earlier }, { settings: given }) {
    const person = strongest(state.person, earlier.person);
    const orders = newestOf(both(state.orders, earlier.orders, joined)!, MOST_ORDERS);
    const last = new Map(purchasesOf(orders).map(({ product, lastOrderId }) => [product.id, lastOrderId]));
    const said = Object.entries(keyedAll(earlier.said, state.said)).map(([product]) => {
      const cycles = [state.said[product], earlier.said[product]].filter((id) => id !== undefined);
      return [product, cycles.find((id) => isSameOrder(id, last.get(product) ?? '')) ?? cycles[0]!] as const;
    });
    const whose = person === undefined ? {} : { person };
    return looking({ ...whose, orders, said: keyed(said) }, given);
  },
});

interface Waiting {
  readonly purchases: Purchases;
  readonly interval: Interval;
  /** When to report it, in epoch milliseconds. */
  readonly at: number;
}

/** The products to report, the next one first. */
function waitingOf({ orders, said }: Customer, given: Settings): readonly Waiting[] {
  return purchasesOf(orders)
    .flatMap((purchases) => {
      const { product, times, lastOrderId, isLive } = purchases;
      const interval = intervalOf(purchases, given);
      if (interval === undefined || !isLive) return [];
      if (Object.hasOwn(said, product.id) && isSameOrder(said[product.id]!, lastOrderId)) return [];
      const lead = Math.min(given.leadDays ?? 0, interval.days);
      return [{ purchases, interval, at: times.at(-1)! + (interval.days - lead) * DAY }];
    })
    .sort(
      (one, other) => one.at - other.at || (one.purchases.product.id < other.purchases.product.id ? -1 : 1),
    );
}

function looking(state: Customer, given: Settings): Step {
  const kept = new Set(purchasesOf(state.orders).map(({ product }) => product.id));
  const said = keyed(Object.entries(state.said).filter(([product]) => kept.has(product)));
  const next = { ...state, said };
  return { state: next, timers: { [NEXT]: waitingOf(next, given)[0]?.at ?? null } };
}

function dueOf(
  person: string | undefined,
  { purchases: { product, times, lastOrderId }, interval }: Waiting,
): NonNullable<Step['events']>[number] {
  const { id, sku, name, category } = product;
  const last = times.at(-1)!;
  return {
    event: 'Replenishment Due',
    properties: {
      product_id: id,
      ...withoutAbsent({ sku, name, category }),
      last_order_id: orderIdOf(lastOrderId),
      last_purchased_at: new Date(last).toISOString(),
      used_up_at: new Date(last + interval.days * DAY).toISOString(),
      interval_days: interval.days,
      interval_by: interval.by,
      purchases: times.length,
    },
    key: keyFor(person, 'used up', id, lastOrderId),
  };
}
