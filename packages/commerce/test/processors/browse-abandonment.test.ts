import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { browseAbandonment } from '@waybill/commerce';
import { createTestEvent, createTestProcessor, fakeClock, processorTests } from '@waybill/testing';
import { anyOrderEndsAlike, historyOf } from './histories.ts';

processorTests(
  browseAbandonment,
  { describe, it },
  {
    runs: 15,
    events: ['Product Viewed', 'Product List Viewed', 'Product Added', 'Order Completed', 'identify'],
  },
);

const fact = fc
  .record({
    name: fc.constantFrom(
      'Product Viewed',
      'Product Viewed',
      'Product List Viewed',
      'Product Added',
      'Order Completed',
    ),
    minute: fc.nat(400),
    who: fc.constantFrom('account', 'guest', 'visitor'),
    historical: fc.constantFrom(false, false, true),
    product: fc.constantFrom('p1', 'p2', 'p3'),
    price: fc.constantFrom(5, 6, undefined),
  })
  .map(({ product, price, ...rest }) => ({
    ...rest,
    properties: {
      product_id: product,
      price,
      products: [{ product_id: product }, { product_id: 'p4', price }],
    },
  }));

describe('viewed products', () => {
  it('cause the same events in any order of facts, with duplicates', () => {
    const settings = { lists: true, latest: 30 * 1440, settle: 5, visitors: true };
    anyOrderEndsAlike(browseAbandonment, settings, historyOf(fact), 80);
  });

  it('are reported once, after a stop of hours', async () => {
    const clock = fakeClock();
    const under = await createTestProcessor(browseAbandonment, { clock });
    await under.send(
      createTestEvent('Product Viewed', { timestamp: clock.iso(), originalTimestamp: clock.iso() }),
    );
    clock.advance(10 * 3_600_000);
    await under.restart();
    const sent = [...(await under.advance(60_000)), ...(await under.advance(300_000))];
    await under.restart();
    sent.push(...(await under.advance(86_400_000)));
    await under.stop();
    expect(sent.map(({ event }) => event)).toEqual(['Browse Abandoned']);
  });
});
