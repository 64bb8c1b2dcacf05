import {
  amountOf,
  defineProcessor,
  type Payload,
  type ProcessorContext,
  type Progress,
  withoutAbsent,
} from '@waybill/core';
import { digest } from '../../version.ts';
import { keyedAll, keyedOne } from '../keyed.ts';
import { newestOf } from '../order-age.ts';
import { orderFacts } from '../order-facts.ts';
import { amountsOf } from '../order-money.ts';
import { orderIdOf, ordersIn } from '../order-keys.ts';
import { both, joined, type OrderRecord } from '../order-record.ts';
import { keyFor, personAfter, strongest } from '../person.ts';
import { joinedSettling, SETTLED, type Settling, settlingAfter } from '../settling.ts';
import { attributed, settings } from './fields.ts';
import { joinedTouches, touchesBefore, type Touches, touchOf } from './touches.ts';

/** The state of a person. */
interface Person extends Settling {
  readonly person?: string;
  readonly touches: Touches;
  readonly orders: Readonly<Record<string, OrderRecord>>;
  /** Digests of the last events, by order. */
  readonly said: Readonly<Record<string, string>>;
}

const events = { 'Order Attributed': attributed } as const;

type Settings = Payload<typeof settings>;
type Step = Progress<Person, typeof events>;
type Context = ProcessorContext<Settings>;
type Attributed = Payload<typeof attributed>;

/** The maximum number of orders, the newest. */
const MOST_ORDERS = 100;

/** A processor that attributes each order to the touches before it. */
export const attribution = defineProcessor({
  slug: 'attribution',
  name: 'Attribution',
  description:
    'Reports which campaigns led to an order, first and last: UTM values, click IDs, and Iterable messages.',
  settings,
  trigger: 'type = "page" or type = "screen" or type = "track"',
  events,
  initial: (): Person => ({ touches: {}, orders: {}, said: {} }),
  process(state, event, context) {
    const touch = touchOf(event);
    const order = orderFacts<never>(event);
    // Nothing is stored for unknown persons.
    if (touch === undefined && order === undefined) return { state: isEmpty(state) ? undefined : state };
    const next: Person = {
      ...state,
      person: personAfter(state.person, event),
      touches: joinedTouches(state.touches, touch ?? {}),
      orders:
        order === undefined ? state.orders : joinedOrders(state.orders, keyedOne(order.id, order.record)),
    };
    // A touch matters when an order is already known.
    if (order === undefined && Object.keys(next.orders).length === 0) return { state: next };
    return waiting(next, settlingAfter(state, secondsOf(context), context), context);
  },
  wake: (state, _timer, { settings: given }) => told(state, given),
  merge(state, { state: earlier }, context) {
    const person = strongest(state.person, earlier.person);
    const all: Person = {
      ...(person === undefined ? {} : { person }),
      touches: joinedTouches(state.touches, earlier.touches),
      orders: joinedOrders(state.orders, earlier.orders),
      said: keyedAll(earlier.said, state.said),
    };
    if (Object.keys(all.orders).length === 0) return { state: all };
    return waiting(all, joinedSettling(state, earlier, secondsOf(context), context), context);
  },
  correct: (state, { settings: given }) =>
    Object.entries(ordersIn(state.orders, joined)).flatMap(([id, order]) => {
      const properties = attributedOf(id, order, state.touches, given);
      return properties === undefined ? [] : [{ event: 'Order Attributed' as const, properties }];
    }),
});

function waiting(state: Person, settling: Required<Settling>, context: Context): Step {
  const next = { ...state, ...settling };
  if (secondsOf(context) === 0) return told(next, context.settings);
  return { state: next, timers: { [SETTLED]: settling.due } };
}

/** Derives an event for each order whose attribution changed. */
function told({ due: _due, past: _past, ...state }: Person, given: Settings): Step {
  const said = keyedAll<string>();
  const news: NonNullable<Step['events']>[number][] = [];
  for (const [id, order] of Object.entries(ordersIn(state.orders, joined))) {
    const before = state.said[id] ?? state.said[orderIdOf(id)];
    const properties = attributedOf(id, order, state.touches, given);
    const now = properties === undefined ? before : digest(properties);
    if (now !== undefined) said[id] = now;
    if (properties === undefined || now === before) continue;
    const key = keyFor(state.person, id, now);
    news.push({
      event: 'Order Attributed',
      properties,
      key,
      ...(order.live === true ? {} : { historical: true }),
    });
  }
  const note = news.length === 0 ? 'Skipped: no attribution has changed.' : undefined;
  return { state: { ...state, said }, events: news, ...(note === undefined ? {} : { note }) };
}

function attributedOf(
  id: string,
  order: OrderRecord,
  touches: Touches,
  { days = 30 }: Settings,
): Attributed | undefined {
  const { placed, test } = order;
  if (placed === undefined || test === true) return undefined;
  const before = touchesBefore(touches, placed.value, days);
  const amounts = amountsOf(order);
  const iterable = before.findLast(({ campaign_id: campaign }) => campaign !== undefined);
  return withoutAbsent({
    order_id: orderIdOf(id),
    ordered_at: placed.value,
    revenue: amounts && amountOf(amounts.total, amounts.currency),
    currency: amounts?.currency === '' ? undefined : amounts?.currency,
    is_direct: before.length === 0,
    touches: before.length,
    first_touch: before[0],
    last_touch: before.at(-1),
    campaignId: numberIn(iterable?.['campaign_id']),
    templateId: numberIn(iterable?.['template_id']),
    iterable_message_id: iterable?.['message_id'],
  }) as Attributed;
}

/** Merges orders, keeping the newest. */
function joinedOrders(one: Person['orders'], other: Person['orders']): Person['orders'] {
  return newestOf(both(one, other, joined)!, MOST_ORDERS);
}

function isEmpty({ touches, orders }: Person): boolean {
  return Object.keys(touches).length === 0 && Object.keys(orders).length === 0;
}

function secondsOf({ settings: { settleSeconds = 60 } }: Context): number {
  return settleSeconds;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
