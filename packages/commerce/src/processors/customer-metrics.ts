import { amountOf, defineFields, defineProcessor, type Event, minorOf } from '@waybill/core';

const whole = (label: string, description: string) => ({ type: 'integer', label, description }) as const;
const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;

/** What is kept of a customer. */
interface Bought {
  readonly orders: number;
  readonly firstAt?: string;
  readonly lastAt?: string;
  readonly lastId?: string;
  /** The currency of all orders; empty once there were several. */
  readonly currency?: string;
  /** What they come to, in its smallest unit. */
  readonly total: number;
  /** Pieces by category. */
  readonly categories: Readonly<Record<string, number>>;
}

/** Categories that are kept: those that least was bought of go. */
const MOST_CATEGORIES = 50;

/** A processor that works out of the orders of a customer what no platform tells: the last purchase, and what is bought most. */
export const customerMetrics = defineProcessor({
  slug: 'customer-metrics',
  name: 'Customer Metrics',
  description:
    'Says with each order how many there were, when the first and the last were, what one comes to, and what is bought most.',
  settings: defineFields({}),
  trigger: 'type = "track" and event = "Order Completed"',
  events: {
    'Customer Metrics Updated': defineFields({
      orders_count: { ...whole('Orders', 'How many orders were completed.'), required: true },
      first_order_at: text('First Order', 'When the first was.'),
      last_order_at: text('Last Order', 'When the last was.'),
      last_order_id: text('Last Order Id', 'Which it was.'),
      average_order_value: {
        type: 'number',
        label: 'Average Order',
        description: 'What an order comes to; absent where orders have several currencies.',
      },
      currency: text('Currency', 'The currency of the average.'),
      favorite_category: text('Favorite Category', 'The category that most pieces were bought of.'),
    }),
  },
  initial: (): Bought => ({ orders: 0, total: 0, categories: {} }),
  process(state, event) {
    const next = after(state, event);
    return { state: next, events: [{ event: 'Customer Metrics Updated', properties: metricsOf(next) }] };
  },
});

function after(before: Bought, { timestamp, properties = {} }: Event): Bought {
  const { order_id: id, currency, total, products } = properties;
  const { firstAt = timestamp, lastAt } = before;
  const isLast = lastAt === undefined || Date.parse(timestamp) >= Date.parse(lastAt);
  const isFirst = Date.parse(timestamp) < Date.parse(firstAt);
  const paid = typeof currency === 'string' ? currency : '';
  const amount = typeof total === 'number' ? (minorOf(total, paid) ?? 0) : 0;
  return {
    orders: before.orders + 1,
    firstAt: isFirst ? timestamp : firstAt,
    lastAt: isLast ? timestamp : lastAt,
    ...(isLast ? (typeof id === 'string' ? { lastId: id } : {}) : { lastId: before.lastId }),
    currency: before.orders === 0 || before.currency === paid ? paid : '',
    total: before.total + amount,
    categories: counted(before.categories, Array.isArray(products) ? products : []),
  };
}

function counted(
  before: Readonly<Record<string, number>>,
  products: readonly unknown[],
): Readonly<Record<string, number>> {
  const counts = new Map(Object.entries(before));
  for (const product of products) {
    const { category, quantity } = (product ?? {}) as {
      readonly category?: unknown;
      readonly quantity?: unknown;
    };
    if (typeof category !== 'string' || category === '') continue;
    counts.set(category, (counts.get(category) ?? 0) + (typeof quantity === 'number' ? quantity : 1));
  }
  return Object.fromEntries(ranked([...counts]).slice(0, MOST_CATEGORIES));
}

/** The most first; of the same number by name, so that the order of arrival does not matter. */
function ranked(counts: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
  return counts.toSorted(([one, most], [other, more]) => more - most || (one < other ? -1 : 1));
}

function metricsOf({ orders, firstAt, lastAt, lastId, currency = '', total, categories }: Bought) {
  const [favorite] = ranked(Object.entries(categories));
  return {
    orders_count: orders,
    first_order_at: firstAt,
    last_order_at: lastAt,
    ...(lastId === undefined ? {} : { last_order_id: lastId }),
    ...(currency === ''
      ? {}
      : { average_order_value: amountOf(Math.round(total / orders), currency), currency }),
    ...(favorite === undefined ? {} : { favorite_category: favorite[0] }),
  };
}
