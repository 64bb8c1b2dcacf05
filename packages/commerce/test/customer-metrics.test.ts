import { describe, expect, it } from 'vitest';
import { createTestEvent, createTestProcessor, processorTests } from '@waybill/testing';
import { customerMetrics } from '@waybill/commerce';

processorTests(customerMetrics, { describe, it }, { events: ['Order Completed', 'Product Viewed'] });

const order = (id: string, day: number, total: number, category: string, currency = 'EUR') => {
  const timestamp = `2026-01-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  return createTestEvent('Order Completed', {
    messageId: `order-${id}`,
    userId: 'ada',
    timestamp,
    originalTimestamp: timestamp,
    properties: { order_id: id, total, currency, products: [{ product_id: 'p', category, quantity: 2 }] },
  });
};

describe('the metrics of a customer', () => {
  it('are the last purchase, the average order and the favorite category, in whatever order the orders come', async () => {
    const under = await createTestProcessor(customerMetrics);
    await under.send(order('2', 5, 10, 'Tea'));
    await under.send(order('1', 3, 5.55, 'Cups'));
    const derived = await under.send(order('3', 4, 20, 'Tea'));
    await under.stop();
    expect(derived.map(({ event, properties }) => [event, properties])).toEqual([
      [
        'Customer Metrics Updated',
        {
          orders_count: 3,
          first_order_at: '2026-01-03T10:00:00.000Z',
          last_order_at: '2026-01-05T10:00:00.000Z',
          last_order_id: '2',
          average_order_value: 11.85,
          currency: 'EUR',
          favorite_category: 'Tea',
        },
      ],
    ]);
  });

  it('have no average over several currencies', async () => {
    const under = await createTestProcessor(customerMetrics);
    await under.send(order('1', 3, 10, 'Tea'));
    const [derived] = await under.send(order('2', 4, 1000, 'Tea', 'JPY'));
    await under.stop();
    expect(derived?.properties).toMatchObject({ orders_count: 2, favorite_category: 'Tea' });
    expect(derived?.properties).not.toHaveProperty('average_order_value');
  });
});
