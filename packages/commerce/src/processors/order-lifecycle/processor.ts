import { defineProcessor, type Event, type ProcessorContext, type Progress } from '@waybill/core';
import { digest } from '../../version.ts';
import { keyed, keyedOne } from '../keyed.ts';
import { ORDER_EVENTS, PARCEL_EVENTS } from '../order-facts.ts';
import { countsAs, orderIdOf, ordersIn } from '../order-keys.ts';
import { both } from '../order-record.ts';
import { keyFor, personAfter, strongest } from '../person.ts';
import { joinedSettling, SETTLED, type Settling, settlingAfter, settlingSettings } from '../settling.ts';
import { type Facts, factsOf, joinedFacts } from './facts.ts';
import { statusFields } from './fields.ts';
import { pictureOf, type Status, STATUSES } from './status.ts';

/** A tracked order. */
interface Followed {
  readonly live?: Facts;
  /** Whether it is only historical. */
  readonly past?: Facts;
  readonly told?: Told;
  /** Whether something live is new since then. */
  readonly news?: true;
}

/** A digest of the last event of an order. */
interface Told {
  readonly status: Status;
  readonly name: string;
}

interface Customer extends Settling {
  readonly person?: string;
  /** By key. */
  readonly orders: Readonly<Record<string, Followed>>;
  /** When the newest dropped order was placed. */
  readonly floor?: string;
}

const events = { 'Order Status Changed': statusFields } as const;
type Step = Progress<Customer, typeof events>;
type Context = ProcessorContext<{ readonly settleSeconds?: number | undefined }>;

/** The maximum number of orders of a customer. */
const MOST_ORDERS = 100;

/**
 * A processor that reports the status of each order whenever it changes, and never reports an earlier status for late facts.
 */
export const orderLifecycle = defineProcessor({
  slug: 'order-lifecycle',
  name: 'Order Lifecycle',
  description:
    'Reports the status of an order when it changes: placed, updated, shipped, delivered, refunded, cancelled.',
  settings: settlingSettings,
  trigger: `${ORDER_EVENTS} or ${PARCEL_EVENTS}`,
  events,
  initial: (): Customer => ({ orders: {} }),
  process(state, event, context) {
    const next = withEvent(state, event, context.historical);
    if (next === undefined) return { state };
    // Historical facts are reported with the next live fact of the order, or never.
    if (context.historical) return { state: next };
    const { settleSeconds = 60 } = context.settings;
    return waiting(next, settlingAfter(next, settleSeconds, context), context);
  },
  wake: (state) => told(state),
  merge(state, { state: earlier }, context) {
    const person = strongest(state.person, earlier.person);
    const floor = [state.floor, earlier.floor]
      .filter((one) => one !== undefined)
      .sort()
      .at(-1);
    const all = bounded({
      ...(person === undefined ? {} : { person }),
      orders: both(state.orders, earlier.orders, joinedOrders)!,
      ...(floor === undefined ? {} : { floor }),
    });
    const { settleSeconds = 60 } = context.settings;
    const isNew = Object.values(all.orders).some(({ news }) => news === true);
    return isNew
      ? waiting(all, joinedSettling(state, earlier, settleSeconds, context), context)
      : { state: all };
  },
});

function withEvent(state: Customer, event: Event, historical: boolean): Customer | undefined {
  const found = factsOf(event);
  if (found === undefined) return undefined;
  const { id, facts } = found;
  const isKnown = [id, orderIdOf(id)].some((key) => Object.hasOwn(state.orders, key));
  if (!isKnown && state.floor !== undefined && event.timestamp <= state.floor) return undefined;
  const one: Followed = historical ? { past: facts } : { live: facts, news: true };
  const orders = both(state.orders, keyedOne(id, one), joinedOrders)!;
  return bounded({ ...state, orders, person: personAfter(state.person, event) });
}

function joinedOrders(one: Followed, other: Followed): Followed {
  const live =
    one.live === undefined && other.live === undefined ? undefined : joinedFacts(one.live, other.live);
  const past =
    one.past === undefined && other.past === undefined ? undefined : joinedFacts(one.past, other.past);
  const said = later(one.told, other.told);
  // Two separately reported orders are one from now on.
  const news =
    one.news ?? other.news ?? (one.told !== undefined && other.told !== undefined ? true : undefined);
  return {
    ...(live === undefined ? {} : { live }),
    ...(past === undefined ? {} : { past }),
    ...(said === undefined ? {} : { told: said }),
    ...(news === undefined ? {} : { news }),
  };
}

function later(one: Told | undefined, other: Told | undefined): Told | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const [a, b] = [STATUSES.indexOf(one.status), STATUSES.indexOf(other.status)];
  return a > b || (a === b && one.name >= other.name) ? one : other;
}

/** Limits the number of orders: drops the oldest. */
function bounded(state: Customer): Customer {
  const all = Object.entries(ordersIn(state.orders, joinedOrders));
  if (all.length <= MOST_ORDERS) return state;
  const keyOf = countsAs(Object.keys(state.orders));
  const byAge = all
    .map(([id, order]) => ({ id, order, at: placedAt(order) }))
    .sort((one, other) => (one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1));
  const kept = new Set(byAge.slice(-MOST_ORDERS).map(({ id }) => id));
  const floor = byAge.at(-MOST_ORDERS - 1)!.at;
  const orders = keyed(Object.entries(state.orders).filter(([id]) => kept.has(keyOf(id) ?? '')));
  return { ...state, orders, ...(floor === '' ? {} : { floor }) };
}

function placedAt({ live, past }: Followed): string {
  return live?.order.placed?.value ?? past?.order.placed?.value ?? '';
}

function waiting(state: Customer, settling: Required<Settling>, { settings }: Context): Step {
  const next = { ...state, ...settling };
  return settings.settleSeconds === 0 ? told(next) : { state: next, timers: { [SETTLED]: settling.due } };
}

/** Derives the status of each order with new facts, if it changed. */
function told({ due: _due, past: _past, ...state }: Customer): Step {
  const derived: NonNullable<Step['events']>[number][] = [];
  const said: string[] = [];
  const orders = ordersIn(state.orders, joinedOrders);
  const latest = Object.entries(orders)
    .map(([id, order]) => ({ id, at: placedAt(order) }))
    .sort((one, other) =>
      one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1,
    )[0]?.id;
  const stands = Object.entries(orders).map(([id, { news, ...order }]) => {
    const all = joinedFacts(order.live, order.past);
    if (news !== true || all.order.test === true) return [id, order.told] as const;
    const picture = pictureOf(all);
    const name = digest(picture);
    const before = order.told ?? toldBy(order.past);
    if (before?.name === name) return [id, before] as const;
    const key = keyFor(state.person, id, all);
    const previous = before === undefined ? {} : { previous_status: before.status };
    const properties = { order_id: orderIdOf(id), ...picture, ...previous, is_latest_order: id === latest };
    derived.push({ event: 'Order Status Changed', properties, key });
    said.push(`${orderIdOf(id)} is ${picture.status}`);
    return [id, { status: picture.status, name }] as const;
  });
  const note = said.length === 0 ? 'Skipped: no status has changed.' : `Reported: ${said.join(', ')}.`;
  return { state: { ...state, orders: withTold(state.orders, new Map(stands)) }, events: derived, note };
}

/** Stores the last events with the orders. */
function withTold(
  orders: Customer['orders'],
  stands: ReadonlyMap<string, Told | undefined>,
): Customer['orders'] {
  const keyOf = countsAs(Object.keys(orders));
  const kept = Object.entries(orders).map(([key, { news: _news, told: last, ...order }]) => {
    const as = keyOf(key);
    const now = as === undefined ? last : as === key ? stands.get(key) : undefined;
    return [key, now === undefined ? order : { ...order, told: now }] as const;
  });
  return keyed(kept);
}

function toldBy(past: Facts | undefined): Told | undefined {
  if (past === undefined) return undefined;
  const picture = pictureOf(past);
  return { status: picture.status, name: digest(picture) };
}
