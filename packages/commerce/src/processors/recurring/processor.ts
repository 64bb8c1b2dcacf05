import {
  amountOf,
  defineProcessor,
  type Event,
  type Payload,
  type ProcessorContext,
  type Progress,
} from '@waybill/core';
import { keyed, keyedOne } from '../keyed.ts';
import { newestOf } from '../order-age.ts';
import { anyOf, orderFacts } from '../order-facts.ts';
import { amountsOf } from '../order-money.ts';
import { orderIdOf } from '../order-keys.ts';
import { both } from '../order-record.ts';
import { keyFor, personAfter, strongest } from '../person.ts';
import { joinedSettling, SETTLED, type Settling, settlingAfter } from '../settling.ts';
import { ordered, risk, settings, upcoming } from './fields.ts';
import { joinedOrders, type Order, type Rebill, rebillsOf } from './orders.ts';
import {
  failuresOf,
  joinedSubscriptions,
  STATUS_AFTER,
  type Subscription,
  subscriptionIn,
} from './subscription.ts';

interface Customer extends Settling {
  readonly person?: string;
  readonly subscriptions: Readonly<Record<string, Subscription>>;
  readonly orders: Readonly<Record<string, Order>>;
  /** The reported events, by subject: an order, a renewal, failing payments. */
  readonly said: Readonly<Record<string, string>>;
}

const events = {
  'Renewal Upcoming': upcoming,
  'Subscription Order Completed': ordered,
  'Churn Risk': risk,
} as const;
type Settings = Payload<typeof settings>;
type Step = Progress<Customer, typeof events>;
type Derived = NonNullable<Step['events']>[number];

/** The timer for the next renewal. */
const RENEWAL = 'renewal';
const DAY = 86_400_000;
/** The maximum number of subscriptions of a customer, and of their orders. */
const MOST_SUBSCRIPTIONS = 50;
const MOST_ORDERS = 200;

/**
 * A processor that derives events that platforms lack for subscriptions: upcoming renewals, renewal orders, and risk of churn.
 */
export const recurring = defineProcessor({
  slug: 'recurring',
  name: 'Recurring Orders',
  description:
    'Reports upcoming renewals of subscriptions, which orders are renewals, and repeated payment failures.',
  settings,
  trigger: anyOf(['Order Completed', 'Order Updated', 'Order Cancelled', ...Object.keys(STATUS_AFTER)]),
  events,
  initial: (): Customer => ({ subscriptions: {}, orders: {}, said: {} }),
  process(state, event, context) {
    const next = withEvent(state, event);
    if (next === undefined) return { state };
    if (context.historical) return { state: next, timers: renewalTimer(next, context.settings) };
    return waiting(next, settlingAfter(next, context.settings.settleSeconds ?? 60, context), context);
  },
  wake(state, timer, context) {
    if (timer.name === SETTLED) return told(state, context.settings);
    const due = renewalsOf(state, context.settings).filter(({ at }) => at <= timer.due);
    const derived: Derived[] = [];
    const said = { ...state.said };
    for (const { id, next } of due) {
      said[`renewal ${id}`] = next;
      // After the order was placed, it would be wrong.
      if (Date.parse(next) > context.now) derived.push(upcomingOf(state, id, next));
    }
    const kept = { ...state, said };
    return {
      state: kept,
      timers: renewalTimer(kept, context.settings),
      events: derived,
      note: notedOf(due, derived),
    };
  },
  merge(state, { state: earlier }, context) {
    const person = strongest(state.person, earlier.person);
    const all: Customer = {
      ...(person === undefined ? {} : { person }),
      subscriptions: both(state.subscriptions, earlier.subscriptions, joinedSubscriptions)!,
      orders: newestOf(both(state.orders, earlier.orders, joinedOrders)!, MOST_ORDERS),
      said: both(state.said, earlier.said, (one, other) => (one > other ? one : other))!,
    };
    const seconds = context.settings.settleSeconds ?? 60;
    const isWaiting = state.due !== undefined || earlier.due !== undefined;
    if (!isWaiting) return { state: all, timers: renewalTimer(all, context.settings) };
    return waiting(all, joinedSettling(state, earlier, seconds, context), context);
  },
});

function withEvent(state: Customer, event: Event): Customer | undefined {
  const person = personAfter(state.person, event);
  const about = subscriptionIn(event);
  if (about !== undefined) {
    const subscriptions = both(
      state.subscriptions,
      keyedOne(about.id, about.subscription),
      joinedSubscriptions,
    )!;
    return Object.keys(subscriptions).length > MOST_SUBSCRIPTIONS
      ? undefined
      : { ...state, person, subscriptions };
  }
  const found = orderFacts<never>(event);
  if (found === undefined) return undefined;
  const rebill = event.properties?.['is_rebill'] === true ? { rebill: true as const } : {};
  const { money, placed, cancelled, subscription, test, live } = found.record;
  const parts = { money, placed, cancelled, subscription, test, live, ...rebill };
  const order = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Order;
  const orders = newestOf(both(state.orders, keyedOne(found.id, order), joinedOrders)!, MOST_ORDERS);
  return { ...state, person, orders };
}

function waiting(
  state: Customer,
  settling: Required<Settling>,
  { settings: given }: ProcessorContext<Settings>,
): Step {
  const next = { ...state, ...settling };
  if (given.settleSeconds === 0) return told(next, given);
  return { state: next, timers: { ...renewalTimer(next, given), [SETTLED]: settling.due } };
}

/** Derives the events of each order of a subscription, and of risk of churn. */
function told({ due: _due, past: _past, ...state }: Customer, given: Settings): Step {
  const said = { ...state.said };
  const derived: Derived[] = [];
  for (const one of rebillsOf(state.orders, state.subscriptions)) {
    if (one.order.live !== true || toldAs(one.orderId).some((name) => Object.hasOwn(said, name))) continue;
    said[`order ${one.orderId}`] = one.order.placed!.value;
    derived.push(orderedOf(state, one));
  }
  for (const [id, subscription] of Object.entries(state.subscriptions)) {
    const { count, since, isLive } = failuresOf(subscription);
    const { failures: most = 2 } = given;
    const isOver =
      subscription.stand?.value.status === 'cancelled' || subscription.stand?.value.status === 'ended';
    if (most === 0 || count < most || !isLive || isOver || said[`risk ${id}`] === since) continue;
    said[`risk ${id}`] = since;
    derived.push(riskOf(state, id, count, since));
  }
  const kept = { ...state, said: saidOf(said, state) };
  const note =
    derived.length === 0
      ? 'Skipped: no subscription has changed.'
      : `Reported: ${derived.map(({ event }) => event).join(', ')}.`;
  return { state: kept, timers: { ...renewalTimer(kept, given), [SETTLED]: null }, events: derived, note };
}

/** The keys of reported events of an order: before its shop was known, just its ID. */
function toldAs(order: string): readonly string[] {
  return [`order ${order}`, `order ${orderIdOf(order)}`];
}

/** The reported events of what is still stored. */
function saidOf(said: Customer['said'], { orders, subscriptions }: Customer): Customer['said'] {
  const names = new Set([
    ...Object.keys(orders).flatMap(toldAs),
    ...Object.keys(subscriptions).flatMap((id) => [`risk ${id}`, `renewal ${id}`]),
  ]);
  return keyed(Object.entries(said).filter(([name]) => names.has(name)));
}

/** The renewals to report, with their time, the next one first. */
function renewalsOf(
  { subscriptions, said }: Customer,
  { renewalDays = 3 }: Settings,
): readonly { readonly id: string; readonly next: string; readonly at: number }[] {
  if (renewalDays === 0) return [];
  return Object.entries(subscriptions)
    .flatMap(([id, { stand }]) => {
      const { status, next, live } = stand?.value ?? {};
      if (status !== 'active' || next === undefined || live !== true || said[`renewal ${id}`] === next)
        return [];
      return [{ id, next, at: Date.parse(next) - renewalDays * DAY }];
    })
    .sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}

function renewalTimer(state: Customer, given: Settings): Readonly<Record<string, number | null>> {
  return { [RENEWAL]: renewalsOf(state, given)[0]?.at ?? null };
}

function notedOf(due: readonly { readonly id: string }[], derived: readonly Derived[]): string {
  if (due.length === 0) return 'Skipped: no renewal is upcoming any more.';
  const ids = due.map(({ id }) => id).join(', ');
  return derived.length === 0 ? `Skipped: the renewal of ${ids} is past.` : `Reported: ${ids} renews soon.`;
}

function upcomingOf(state: Customer, id: string, next: string): Derived {
  const { interval } = state.subscriptions[id]!.stand!.value;
  const count = rebillsOf(state.orders, state.subscriptions)
    .filter(({ subscriptionId }) => subscriptionId === id)
    .reduce((most, one) => Math.max(most, one.count), 0);
  return {
    event: 'Renewal Upcoming',
    properties: {
      subscription_id: id,
      renews_at: next,
      ...totalOf(state, id),
      ...(interval === undefined ? {} : { interval }),
      rebill_count: count,
    },
    key: keyFor(state.person, 'renewal', id, next),
  };
}

function orderedOf(state: Customer, { orderId, subscriptionId, order, isRebill, count }: Rebill): Derived {
  const amounts = amountsOf(order);
  const { currency = '' } = amounts ?? {};
  return {
    event: 'Subscription Order Completed',
    properties: {
      subscription_id: subscriptionId,
      order_id: orderIdOf(orderId),
      is_rebill: isRebill,
      rebill_count: count,
      ...(amounts === undefined ? {} : { total: amountOf(amounts.total, currency) }),
      ...(currency === '' ? {} : { currency }),
    },
    key: keyFor(state.person, 'order', orderId),
  };
}

function riskOf(state: Customer, id: string, failures: number, since: string): Derived {
  return {
    event: 'Churn Risk',
    properties: {
      subscription_id: id,
      failures,
      ...(since === '' ? {} : { since }),
      ...totalOf(state, id),
    },
    key: keyFor(state.person, 'risk', id, since),
  };
}

function totalOf(
  { subscriptions }: Customer,
  id: string,
): { readonly total?: number; readonly currency?: string } {
  const { total, currency } = subscriptions[id]!.stand!.value;
  return { ...(total === undefined ? {} : { total }), ...(currency === undefined ? {} : { currency }) };
}
