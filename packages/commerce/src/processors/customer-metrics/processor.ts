import { defineProcessor, type Event, type ProcessorContext, type Progress } from '@waybill/core';
import { digest } from '../../version.ts';
import { keyedOne } from '../keyed.ts';
import { orderFacts, ORDER_EVENTS } from '../order-facts.ts';
import { keyFor, personAfter, strongest } from '../person.ts';
import { joinedSettling, SETTLED, type Settling, settlingAfter } from '../settling.ts';
import { affinityOf } from './affinity.ts';
import { metrics, settings } from './fields.ts';
import { joinedOrders, type Orders, withFacts } from './orders.ts';
import { dayIn, metricsOf, type Settings } from './picture.ts';

/** The state of a customer. */
interface Customer extends Settling {
  readonly person?: string;
  readonly orders: Orders;
  /** A digest of the last event. */
  readonly said?: string;
}

const events = { 'Customer Metrics Updated': metrics } as const;

type Step = Progress<Customer, typeof events>;
type Context = ProcessorContext<Settings>;

/** A processor that computes metrics from the orders of a customer: their value, and their preferences. */
export const customerMetrics = defineProcessor({
  slug: 'customer-metrics',
  name: 'Customer Metrics',
  description:
    'Computes figures from the orders of a customer: their number, the amount spent, the first and the last, and what is bought most.',
  settings,
  trigger: ORDER_EVENTS,
  events,
  initial: (): Customer => ({ orders: { known: {} } }),
  process(state, event, context) {
    const known = withOrder(state, event, context.settings);
    return known === undefined ? { state } : afterFacts(known, context);
  },
  wake: (state, _timer, { settings: given }) => told(state, given),
  merge(state, { state: earlier }, context) {
    const person = strongest(state.person, earlier.person);
    const { said = earlier.said } = state;
    const all: Customer = {
      ...(person === undefined ? {} : { person }),
      orders: joinedOrders(state.orders, earlier.orders, dayIn(context.settings)),
      ...(said === undefined ? {} : { said }),
    };
    const { settleSeconds = 60 } = context.settings;
    return waiting(all, joinedSettling(state, earlier, settleSeconds, context), context);
  },
  correct: (state, { settings: given }) => {
    const properties = metricsOf(state.orders, given);
    const isNews = properties.orders_count > 0 || state.said !== undefined;
    return isNews ? [{ event: 'Customer Metrics Updated', properties }] : [];
  },
});

function withOrder(state: Customer, event: Event, given: Settings): Customer | undefined {
  const facts = orderFacts(event, { lines: affinityOf });
  if (facts === undefined) return undefined;
  const orders = withFacts(state.orders, keyedOne(facts.id, facts.record), dayIn(given));
  return { ...state, orders, person: personAfter(state.person, event) };
}

function afterFacts(state: Customer, context: Context): Step {
  const { settleSeconds = 60 } = context.settings;
  return waiting(state, settlingAfter(state, settleSeconds, context), context);
}

function waiting(state: Customer, settling: Required<Settling>, { settings: given }: Context): Step {
  const next = { ...state, ...settling };
  return given.settleSeconds === 0 ? told(next, given) : { state: next, timers: { [SETTLED]: settling.due } };
}

/** Derives the metrics, if they changed since the last event. */
function told({ due: _due, past = false, ...state }: Customer, given: Settings): Step {
  const { orders, person, said } = state;
  const properties = metricsOf(orders, given);
  const now = digest(properties);
  if (now === said) return { state, note: 'Skipped: the metrics have not changed.' };
  if (said === undefined && properties.orders_count === 0)
    return { state, note: 'Skipped: there is no order to count.' };
  return {
    state: { ...state, said: now },
    events: [
      {
        event: 'Customer Metrics Updated',
        properties,
        key: keyFor(person, orders, now),
        ...(past ? { historical: true } : {}),
      },
    ],
  };
}
