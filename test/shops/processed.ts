import { customerMetrics, orderLifecycle, recurring, replenishment, reviewRequests } from '@waybill/commerce';
import type { Event, Processor, SourceEvent } from '@waybill/core';
import { simulateProcessor } from '@waybill/testing';

/** The results of processors for a person over the day, in words that are the same for all platforms: without IDs and times. */
export interface Processed {
  /** The last choice; undefined without any. */
  readonly metrics: Readonly<Record<string, unknown>> | undefined;
  /** How orders were, one after the other: status, fulfillment, what is left of the total. */
  readonly orders: readonly string[];
  /** Names of products, sorted. */
  readonly toReview: readonly string[];
  readonly usedUp: readonly string[];
  /** Of subscriptions, sorted. */
  readonly recurring: readonly string[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const METRICS = [
  ...['orders_count', 'total_spent', 'total_refunded', 'average_order_value', 'currency'],
  ...['favorite_category', 'favorite_brand'],
];

/** What they make of the events of the day, each of which comes when it happens. */
export function processedOf(events: readonly SourceEvent[]): ReadonlyMap<string, Processed> {
  const people = new Map<string, { readonly [K in keyof Processed]: unknown[] }>();
  const tell = (
    processor: Processor,
    settings: object,
    kind: keyof Processed,
    said: (event: Event) => unknown[],
  ) => {
    for (const event of derivedOf(processor, settings, events)) {
      const person = nameOf(event);
      const known = people.get(person) ?? {
        metrics: [],
        orders: [],
        toReview: [],
        usedUp: [],
        recurring: [],
      };
      known[kind].push(...said(event));
      people.set(person, known);
    }
  };
  const inEuro = { baseCurrency: 'EUR', rates: { JPY: 0.00625 } };
  tell(customerMetrics, inEuro, 'metrics', ({ properties }) => [
    Object.fromEntries(METRICS.flatMap((name) => (name in properties! ? [[name, properties![name]]] : []))),
  ]);
  tell(orderLifecycle, {}, 'orders', ({ properties }) => [
    `${String(properties!['status'])}, ${String(properties!['fulfillment'])}, ${String(properties!['remaining'])}`,
  ]);
  tell(reviewRequests, {}, 'toReview', ({ properties }) =>
    (properties!['products'] as readonly { readonly name: string }[]).map(({ name }) => name),
  );
  tell(replenishment, { days: { 'COFFEE-1': 30 } }, 'usedUp', ({ properties }) => [properties!['name']]);
  tell(recurring, { failures: 1 }, 'recurring', ({ event, properties }) => [
    [event, ...('is_rebill' in properties! ? [properties['is_rebill']] : [])].join(', '),
  ]);
  return new Map(
    [...people].map(([person, { metrics, orders, ...rest }]) => {
      const sorted = Object.fromEntries(Object.entries(rest).map(([kind, all]) => [kind, all.sort()]));
      return [person, { metrics: metrics.at(-1), orders, ...sorted } as unknown as Processed];
    }),
  );
}

function derivedOf(processor: Processor, settings: object, events: readonly SourceEvent[]): readonly Event[] {
  const simulation = simulateProcessor(processor, { ...settings });
  const passing = (from: number, to: number): void => {
    for (let hour = from + HOUR; hour < to; hour += HOUR) simulation.advance(hour);
    if (to > from) simulation.advance(to);
  };
  let now = Date.parse(events[0]!.timestamp!);
  for (const event of events) {
    const at = Math.max(now, Date.parse(event.timestamp!));
    // The clock advances between two steps of the day.
    passing(now, at - 1);
    simulation.receive({ ...event, receivedAt: new Date(at).toISOString() } as Event, at);
    now = at;
  }
  passing(now, now + 60 * DAY);
  if (simulation.failures.length > 0) throw new Error(simulation.failures.join('\n'));
  return simulation.derived;
}

function nameOf({ context }: Event): string {
  const { email = '' } = (context?.['traits'] ?? {}) as { readonly email?: string };
  return email.split('@')[0]!;
}
