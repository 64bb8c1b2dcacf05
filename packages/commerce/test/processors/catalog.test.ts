import { describe, expect, it } from 'vitest';
import { catalog } from '@waybill/commerce';
import { createTestEvent, processorTests, simulateProcessor } from '@waybill/testing';
import fc from 'fast-check';
import { BEGIN, outcomeOf, shuffled } from './histories.ts';
import { deepStrictEqual } from 'node:assert/strict';

processorTests(catalog, { describe, it }, { events: ['Product Updated', 'Product Deleted'], runs: 20 });

const version = (index: number, minute: number, name: string, properties: object) =>
  createTestEvent(name, {
    messageId: `version-${index}`,
    userId: undefined,
    anonymousId: 'product-1',
    timestamp: new Date(BEGIN + minute * 60_000).toISOString(),
    properties: { product_id: '1', ...properties },
    context: { source: { platform: 'test' } },
  });

const history = fc
  .array(
    fc.record({
      name: fc.constantFrom('Product Updated', 'Product Updated', 'Product Updated', 'Product Deleted'),
      minute: fc.nat(400),
      price: fc.constantFrom(10, 8, 7.5),
      in_stock: fc.boolean(),
      locale: fc.constantFrom('de-DE', 'en-US'),
      currency: fc.constantFrom('EUR', 'USD'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ name, minute, ...properties }, index) => version(index, minute, name, properties)),
  );

describe('a catalog', () => {
  it('ends in the same state in any order of versions, with duplicates', () => {
    const both = history.chain((events) => fc.tuple(fc.constant(events), shuffled(events)));
    fc.assert(
      fc.property(both, ([events, again]) => {
        deepStrictEqual(outcomeOf(catalog, {}, again), outcomeOf(catalog, {}, events));
      }),
      { numRuns: 300 },
    );
  });

  it('is bounded for a product that changes very often', () => {
    const simulation = simulateProcessor(catalog, { settleSeconds: 0 });
    for (let at = 0; at < 500; at += 1)
      simulation.receive(
        version(at, at, 'Product Updated', { price: at, store: String(at % 40) }),
        BEGIN + 1e9 + at,
      );
    expect(simulation.failures).toEqual([]);
    expect(simulation.users().get('a:product-1')!.state!.length).toBeLessThan(100_000);
  });
});
