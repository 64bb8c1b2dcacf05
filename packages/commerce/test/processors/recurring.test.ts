import { describe, it } from 'vitest';
import fc from 'fast-check';
import { processorTests } from '@waybill/testing';
import { recurring } from '@waybill/commerce';
import { anyOrderEndsAlike, historyOf } from './histories.ts';

const names = ['Order Completed', 'Order Cancelled', 'Subscription Started', 'Subscription Payment Failed'];
processorTests(recurring, { describe, it }, { events: names, runs: 10 });

/** A fact of a subscription or of one of its orders. */
const fact = fc
  .record({
    name: fc.constantFrom(...names, 'Subscription Updated', 'Subscription Paused', 'Subscription Cancelled'),
    minute: fc.nat(400),
    who: fc.constantFrom('account' as const, 'guest' as const, 'visitor' as const),
    shop: fc.boolean(),
    historical: fc.constantFrom(false, false, true),
    subscription: fc.constantFrom('s1', 's2'),
    order: fc.constantFrom('1', '2', '3'),
    day: fc.integer({ min: 20, max: 24 }),
    failures: fc.constantFrom(undefined, 0, 2),
    knowsOriginal: fc.boolean(),
  })
  .map(({ subscription, order, day, failures, knowsOriginal, ...one }) => ({
    ...one,
    properties: one.name.startsWith('Order')
      ? { order_id: order, total: 30, currency: 'EUR', ...(one.shop ? { subscription_id: 's1' } : {}) }
      : {
          subscription_id: subscription,
          next_order_at: `2026-02-${day}T10:00:00Z`,
          ...(failures === undefined ? {} : { failures }),
          ...(knowsOriginal ? { original_order_id: '1' } : {}),
        },
  }));

describe('recurring orders', () => {
  it('are the same in any order of facts, with duplicates', () => {
    anyOrderEndsAlike(recurring, {}, historyOf(fact), 80);
  });
});
