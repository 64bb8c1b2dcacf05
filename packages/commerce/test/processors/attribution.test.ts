import { describe, expect, it } from 'vitest';
import { attribution } from '@waybill/commerce';
import { createTestEvent, processorTests, simulateProcessor } from '@waybill/testing';
import fc from 'fast-check';
import { anyOrderEndsAlike, BEGIN, historyOf } from './histories.ts';

processorTests(
  attribution,
  { describe, it },
  { events: ['Order Completed', 'Order Updated', 'Seen'], runs: 20 },
);

const MINUTE = 60_000;

describe('attribution', () => {
  it('is the same in any order of touches and orders, with duplicates', () => {
    const touch = {
      utm_source: fc.constantFrom('google', 'mail', undefined),
      campaignId: fc.constantFrom(7, 8, undefined),
      gclid: fc.constantFrom('g1', undefined),
    };
    const facts = fc
      .record({
        name: fc.constantFrom('Order Completed', 'Order Updated', 'Seen', 'Seen'),
        minute: fc.nat(400),
        who: fc.constantFrom('account' as const, 'guest' as const, 'visitor' as const),
        order: fc.constantFrom('1', '2'),
        total: fc.constantFrom(10, 19.99),
        shop: fc.boolean(),
        historical: fc.boolean(),
        ...touch,
      })
      .map(({ name, order, total, utm_source: source, campaignId, gclid, ...one }) => ({
        ...one,
        name,
        properties: {
          ...(name === 'Seen' ? {} : { order_id: order, total, currency: 'EUR' }),
          ...(source === undefined ? {} : { utm_source: source }),
          ...(campaignId === undefined ? {} : { campaignId }),
          ...(gclid === undefined ? {} : { gclid }),
        },
      }));
    anyOrderEndsAlike(attribution, { days: 1 }, historyOf(facts));
  });

  it('keeps the first and the newest touches of a user with very many', () => {
    const simulation = simulateProcessor(attribution);
    const touches = Array.from({ length: 300 }, (_, at) =>
      createTestEvent('Seen', {
        messageId: `touch-${at}`,
        userId: 'ada',
        timestamp: new Date(BEGIN + at * MINUTE).toISOString(),
        properties: { utm_source: `source ${String(at).padStart(3, '0')}`, utm_term: 'x'.repeat(500) },
        context: {},
      }),
    );
    const arrives = BEGIN + 301 * MINUTE;
    for (const touch of touches.toReversed()) simulation.receive(touch, arrives);
    expect(simulation.users().get('u:ada')!.state!.length).toBeLessThan(50_000);
  });
});
