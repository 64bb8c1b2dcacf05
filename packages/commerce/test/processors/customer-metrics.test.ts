import { describe, expect, it } from 'vitest';
import { createTestEvent, processorTests, simulateProcessor } from '@waybill/testing';
import { customerMetrics } from '@waybill/commerce';
import { anyOrderEndsAlike, BEGIN } from './histories.ts';

const names = ['Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled', 'identify'];
processorTests(customerMetrics, { describe, it }, { events: names, runs: 10 });

const order = (id: number, total: number) => {
  const timestamp = new Date(BEGIN + id * 60_000).toISOString();
  return createTestEvent('Order Completed', {
    messageId: `order-${id}`,
    userId: 'ada',
    timestamp,
    properties: {
      order_id: String(id),
      total,
      currency: 'EUR',
      products: [{ category: 'Tea', brand: 'Acme' }],
    },
    context: {},
  });
};

describe('the metrics of a customer', () => {
  it('are the same in any order of facts, with duplicates, and are sent identically', () => {
    anyOrderEndsAlike(customerMetrics, { baseCurrency: 'EUR', rates: { USD: 0.92 } });
  });

  it('count all orders of a user with very many, each once, within the bounds', () => {
    const simulation = simulateProcessor(customerMetrics);
    const orders = Array.from({ length: 230 }, (_, index) => order(index, 2.5));
    // Every third is late, and each is repeated with another ID.
    const late = orders.filter((_, index) => index % 3 === 0);
    const arriving = [...orders.filter((one) => !late.includes(one)), ...late];
    arriving.forEach((event, index) => simulation.receive(event, BEGIN + 1e9 + index));
    for (const event of orders)
      simulation.receive({ ...event, messageId: `${event.messageId} again` }, BEGIN + 1e9 + 2_000);
    simulation.advance(BEGIN + 2e9);
    expect(simulation.failures).toEqual([]);
    expect(simulation.derived.map(({ properties }) => properties)).toMatchObject([
      {
        orders_count: 230,
        total_spent: 575,
        first_order_at: new Date(BEGIN).toISOString(),
        last_order_id: '229',
        favorite_category: 'Tea',
      },
    ]);
    expect(simulation.users().get('u:ada')!.state!.length).toBeLessThan(100_000);
  });
});
