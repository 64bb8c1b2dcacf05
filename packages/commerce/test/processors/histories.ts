import { deepStrictEqual } from 'node:assert/strict';
import type { Event, Processor } from '@waybill/core';
import { createTestEvent, simulateProcessor } from '@waybill/testing';
import fc from 'fast-check';

/** The start of every history. */
export const BEGIN = Date.UTC(2026, 0, 5, 10);
const MINUTE = 60_000;

const line = fc.record({
  product_id: fc.constantFrom('p1', 'p2', 'p3'),
  category: fc.constantFrom('Tea', 'Cups', undefined),
  brand: fc.constantFrom('Acme', 'Bell'),
  quantity: fc.integer({ min: 1, max: 3 }),
  price: fc.constantFrom(5, 12.5),
});

const NAMES = [
  'Order Completed',
  'Order Completed',
  'Order Updated',
  'Order Refunded',
  'Order Cancelled',
  'Order Shipped',
  'Order Delivered',
];

/** A fact of an order, from a shop or a page, under any key of the person. */
const fact = fc
  .record({
    name: fc.constantFrom(...NAMES),
    order: fc.constantFrom('1', '2', '3'),
    minute: fc.nat(400),
    total: fc.constantFrom(10, 19.99, 40),
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    part: fc.constantFrom('a', 'b'),
    who: fc.constantFrom('account', 'guest', 'visitor'),
    lines: fc.array(line, { maxLength: 2 }),
    shop: fc.constantFrom(undefined, undefined, 'one', 'other'),
    historical: fc.boolean(),
    test: fc.constantFrom(false, false, false, true),
  })
  .map((one) => ({
    ...one,
    properties: {
      order_id: one.order,
      total: one.total,
      currency: one.currency,
      ...(one.lines.length === 0 ? {} : { products: one.lines }),
      ...(one.name === 'Order Refunded' && one.shop !== undefined ? { refund_id: one.part } : {}),
      ...(/Shipped|Delivered/.test(one.name) ? { shipment_id: one.part } : {}),
      ...(one.test ? { is_test: true } : {}),
      ...(one.order === '3' ? { subscription_id: 's1' } : {}),
    },
  }));

const WHO = {
  account: { userId: 'ada', anonymousId: undefined, email: 'ada@example.com' },
  guest: { userId: undefined, anonymousId: undefined, email: 'ada@example.com' },
  visitor: { userId: undefined, anonymousId: 'visitor', email: undefined },
};

/** An identify call that links the account, the guest and the visitor. */
const INTRODUCTION = createTestEvent('identify', {
  messageId: 'introduction',
  userId: 'ada',
  anonymousId: 'visitor',
  traits: { email: 'ada@example.com' },
  context: {},
  timestamp: new Date(BEGIN).toISOString(),
});

/** Creates events of one person. */
export function historyOf(
  facts: fc.Arbitrary<{
    readonly name: string;
    readonly minute: number;
    readonly who: keyof typeof WHO;
    readonly shop?: string | boolean | undefined;
    readonly historical?: boolean;
    readonly properties: Readonly<Record<string, unknown>>;
  }> = fact,
): fc.Arbitrary<readonly Event[]> {
  return fc.array(facts, { minLength: 1, maxLength: 10 }).map((all) => [
    ...all.map(({ name, minute, who, shop, historical, properties }, index) => {
      const { email, ...ids } = WHO[who];
      return createTestEvent(name, {
        messageId: `fact-${index}`,
        timestamp: new Date(BEGIN + minute * MINUTE).toISOString(),
        ...ids,
        properties,
        context: {
          ...(email === undefined ? {} : { traits: { email } }),
          ...(shop === undefined || shop === false ? {} : { source: { platform: 'test', id: String(shop) } }),
          ...(historical === true ? { historical } : {}),
        },
      });
    }),
    INTRODUCTION,
  ]);
}

/** Shuffles the events, some of them duplicated. */
export function shuffled(events: readonly Event[]): fc.Arbitrary<readonly Event[]> {
  return fc
    .tuple(fc.shuffledSubarray([...events], { minLength: events.length }), fc.subarray([...events]))
    .chain(([all, again]) => fc.constant([...all, ...again]));
}

/** The result of events that arrive within seconds, followed by a long time. */
export function outcomeOf(
  processor: Processor,
  settings: Readonly<Record<string, unknown>>,
  arriving: readonly Event[],
): { readonly state: unknown; readonly derived: readonly unknown[] } {
  const simulation = simulateProcessor(processor, settings);
  // All arrive after everything happened, and so close together that they are settled at once.
  const from = BEGIN + 500 * MINUTE;
  arriving.forEach((event, index) => simulation.receive(event, from + index * 100));
  simulation.advance(from + 400 * 24 * 60 * MINUTE);
  deepStrictEqual(simulation.failures, []);
  const rows = [...simulation.users()].flatMap(([key, { state, is }]) =>
    is === undefined && state !== undefined ? [[key, JSON.parse(state) as unknown]] : [],
  );
  return {
    state: Object.fromEntries(rows),
    derived: simulation.derived
      .map(({ messageId, event, userId, properties, context }) => ({
        messageId,
        event,
        userId,
        properties,
        historical: context?.['historical'],
      }))
      .sort((one, other) => (one.messageId < other.messageId ? -1 : 1)),
  };
}

/** Asserts that the same facts give the same state and events, in any order of arrival, with any duplicates. */
export function anyOrderEndsAlike(
  processor: Processor,
  settings: Readonly<Record<string, unknown>>,
  history: fc.Arbitrary<readonly Event[]> = historyOf(),
  runs = 120,
): void {
  const both = history.chain((events) => fc.tuple(fc.constant(events), shuffled(events)));
  fc.assert(
    fc.property(both, ([events, again]) => {
      deepStrictEqual(outcomeOf(processor, settings, again), outcomeOf(processor, settings, events));
    }),
    { numRuns: runs },
  );
}
