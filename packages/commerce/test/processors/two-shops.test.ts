import { describe, expect, it } from 'vitest';
import {
  attribution,
  customerMetrics,
  orderLifecycle,
  recurring,
  replenishment,
  reviewRequests,
} from '@waybill/commerce';
import type { Event, Processor } from '@waybill/core';
import { createTestEvent, simulateProcessor } from '@waybill/testing';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 5, 10);

/** An event about order 17 of a shop, or of a page without a shop. */
function told(
  name: string,
  shop: string | undefined,
  properties: Readonly<Record<string, unknown>>,
  at = BEGIN,
): Event {
  return createTestEvent(name, {
    messageId: `${name} ${shop} ${at}`,
    timestamp: new Date(at).toISOString(),
    userId: 'ada',
    properties: { order_id: '17', currency: 'EUR', ...properties },
    context: shop === undefined ? {} : { source: { platform: 'test', id: shop } },
  });
}

const line = (id: string): object => ({ product_id: id, quantity: 1, price: 5, category: id });
const german = { total: 10, products: [line('tea')], subscription_id: 's-de' };
const french = { total: 32, products: [line('mug')], subscription_id: 's-fr' };
const both = [
  told('Order Completed', 'de', german),
  told('Order Completed', 'fr', french, BEGIN + 3_600_000),
];

function derivedOf(
  processor: Processor,
  events: readonly Event[],
  settings: Readonly<Record<string, unknown>> = {},
): readonly Readonly<Record<string, unknown>>[] {
  const simulation = simulateProcessor(processor, settings);
  events.forEach((event, index) => simulation.receive(event, BEGIN + 4 * 3_600_000 + index));
  simulation.advance(BEGIN + 60 * DAY);
  expect(simulation.failures).toEqual([]);
  return simulation.derived.map(({ properties }) => properties!);
}

describe('two shops with the same order id', () => {
  it('are two orders in the metrics of a customer', () => {
    expect(derivedOf(customerMetrics, both)).toMatchObject([
      { orders_count: 2, total_spent: 42, last_order_id: '17' },
    ]);
  });

  it('have separate lifecycles', () => {
    const cancelled = told('Order Cancelled', 'fr', french, BEGIN + 7_200_000);
    const all = derivedOf(orderLifecycle, [...both, cancelled]);
    expect(all.map(({ order_id: id, status }) => [id, status]).sort()).toEqual([
      ['17', 'cancelled'],
      ['17', 'placed'],
    ]);
  });

  it('have separate attributions', () => {
    const all = derivedOf(attribution, both);
    expect(all.map(({ order_id: id, revenue }) => [id, revenue]).sort()).toEqual([
      ['17', 10],
      ['17', 32],
    ]);
  });

  it('have separate review requests: only for what their shop delivered', () => {
    const parcel = told('Order Delivered', 'de', { shipment_id: 's' }, BEGIN + DAY);
    expect(derivedOf(reviewRequests, [...both, parcel])).toMatchObject([
      { order_id: '17', products: [{ product_id: 'tea' }] },
    ]);
  });

  it('are two purchases', () => {
    const all = derivedOf(replenishment, both, { days: { tea: 30, mug: 30 } });
    expect(all.map(({ product_id: id, last_order_id: order }) => [id, order]).sort()).toEqual([
      ['mug', '17'],
      ['tea', '17'],
    ]);
  });

  it('have separate orders of a subscription', () => {
    const all = derivedOf(recurring, both);
    expect(all.map(({ subscription_id: id, order_id: order }) => [id, order]).sort()).toEqual([
      ['s-de', '17'],
      ['s-fr', '17'],
    ]);
  });

  it('count as one where a shop and a page report the order, whichever comes first', () => {
    const page = told('Order Completed', undefined, { ...german, total: 9 });
    for (const events of [
      [page, both[0]!],
      [both[0]!, page],
    ]) {
      expect(derivedOf(customerMetrics, events)).toMatchObject([{ orders_count: 1, total_spent: 10 }]);
      expect(derivedOf(orderLifecycle, events)).toMatchObject([{ order_id: '17', status: 'placed' }]);
      expect(derivedOf(attribution, events)).toMatchObject([{ order_id: '17', revenue: 10 }]);
    }
  });

  it('do not create a third order where a page reports one of them', () => {
    const page = told('Order Completed', undefined, german);
    expect(derivedOf(customerMetrics, [page, ...both])).toMatchObject([{ orders_count: 2, total_spent: 42 }]);
  });
});

describe('state from before orders were identified by their shop', () => {
  const context = { settings: { settleSeconds: 0 }, now: BEGIN, historical: false };
  /** A state of an earlier version: every order under its ID alone. */
  const kept = (processor: Processor, event: Event): unknown => {
    const told = { ...event, context: { source: { platform: 'test' } } };
    const { state } = processor.process(processor.initial(), told, context);
    const text = JSON.stringify(state);
    expect(text).not.toMatch(/\\t/);
    return JSON.parse(text) as unknown;
  };

  it.each([customerMetrics, orderLifecycle, attribution, recurring])(
    'is continued by $slug without duplicate events',
    (processor) => {
      const state = kept(processor, both[0]!);
      const again = processor.process(state, { ...both[0]!, messageId: 'again' }, context);
      expect(again.events ?? []).toEqual([]);
      const once = processor.process(again.state, { ...both[0]!, messageId: 'once more' }, context);
      expect(once.events ?? []).toEqual([]);
    },
  );

  it('is continued for an order that is cancelled later', () => {
    const cancelled = told('Order Cancelled', 'de', german, BEGIN + DAY);
    const { events } = orderLifecycle.process(kept(orderLifecycle, both[0]!), cancelled, context);
    expect(events).toMatchObject([
      { properties: { order_id: '17', status: 'cancelled', previous_status: 'placed' } },
    ]);
  });
});
