import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createTestEvent, processorTests } from '@waybill/testing';
import { reviewRequests } from '@waybill/commerce';
import { anyOrderEndsAlike, BEGIN, historyOf, outcomeOf } from './histories.ts';

const names = ['Order Completed', 'Order Shipped', 'Order Delivered', 'Order Refunded', 'Product Reviewed'];
processorTests(reviewRequests, { describe, it }, { events: names, runs: 10 });

describe('requests for reviews', () => {
  const settings = { reviewUrl: 'https://shop.example/review/{product_id}?order={order_id}' };

  it('are the same in any order of facts, with duplicates', () => {
    anyOrderEndsAlike(reviewRequests, settings, historyOf(), 80);
  });

  it('are sent once for each product, never for a reviewed one', () => {
    const reviewed = createTestEvent('Product Reviewed', {
      messageId: 'reviewed',
      timestamp: new Date(BEGIN).toISOString(),
      userId: 'ada',
      properties: { product_id: 'p1' },
      context: {},
    });
    fc.assert(
      fc.property(historyOf(), (events) => {
        const { derived } = outcomeOf(reviewRequests, settings, [...events, reviewed]);
        const asked = derived.flatMap((event) =>
          (event as { properties: { products: { product_id: string }[] } }).properties.products.map(
            ({ product_id: id }) => id,
          ),
        );
        expect(asked).not.toContain('p1');
        expect(new Set(asked).size).toBe(asked.length);
      }),
      { numRuns: 50 },
    );
  });
});
