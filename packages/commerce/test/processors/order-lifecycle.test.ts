import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createTestEvent, processorTests, simulateProcessor } from '@waybill/testing';
import { orderLifecycle } from '@waybill/commerce';
import { anyOrderEndsAlike, BEGIN, historyOf } from './histories.ts';

const names = ['Order Completed', 'Order Updated', 'Order Shipped', 'Order Refunded', 'Order Cancelled'];
processorTests(orderLifecycle, { describe, it }, { events: names, runs: 10 });

describe('the states of orders', () => {
  it('are the same in any order of facts, with duplicates, and are sent identically', () => {
    anyOrderEndsAlike(orderLifecycle, {});
  });

  it('match the last event, and none is sent twice, also when each fact arrives immediately', () => {
    fc.assert(
      fc.property(historyOf(), (events) => {
        const simulation = simulateProcessor(orderLifecycle, { settleSeconds: 0 });
        // A visitor and an account that are not linked yet are reported separately.
        const live = events.map((event) => ({ ...event, userId: 'ada', context: {} }));
        for (const event of [
          ...live,
          ...live.map((one) => ({ ...one, messageId: `${one.messageId} again` })),
        ])
          simulation.receive(event, BEGIN + 1e9);
        const last = new Map<unknown, unknown>();
        for (const { properties } of simulation.derived) {
          const {
            order_id: id,
            is_latest_order: _latest,
            previous_status: previous,
            ...picture
          } = properties!;
          expect(picture).not.toEqual(last.get(id));
          expect(previous).toBe((last.get(id) as { status?: string } | undefined)?.status);
          last.set(id, picture);
        }
        // All at once give the same result.
        const whole = simulateProcessor(orderLifecycle, {});
        live.forEach((event, index) => whole.receive(event, BEGIN + 1e9 + index));
        whole.advance(BEGIN + 2e9);
        for (const { properties } of whole.derived) {
          const {
            order_id: id,
            is_latest_order: _latest,
            previous_status: _previous,
            ...picture
          } = properties!;
          expect(last.get(id)).toEqual(picture);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('are bounded in number', () => {
    const simulation = simulateProcessor(orderLifecycle, {});
    for (let id = 0; id < 130; id += 1) {
      const timestamp = new Date(BEGIN + id * 60_000).toISOString();
      const properties = { order_id: String(id), total: 1, currency: 'EUR' };
      const event = createTestEvent('Order Completed', {
        messageId: `${id}`,
        userId: 'ada',
        timestamp,
        properties,
      });
      simulation.receive({ ...event, anonymousId: 'visitor' }, BEGIN + 1e9 + id);
    }
    const { orders } = JSON.parse(simulation.users().get('u:ada')!.state!) as { orders: object };
    expect(Object.keys(orders)).toHaveLength(100);
    expect(simulation.failures).toEqual([]);
  });
});
