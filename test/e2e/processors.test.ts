import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from './harness.ts';

/** Without a settle time, derived events exist as soon as the server is idle. */
const AT_ONCE = { settleSeconds: 0 };

const PROCESSORS = [
  { id: 'metrics', type: 'customer-metrics', settings: AT_ONCE },
  { id: 'orders', type: 'order-lifecycle', settings: AT_ONCE },
  { id: 'reviews', type: 'review-requests' },
  { id: 'used-up', type: 'replenishment', settings: { days: { Tea: 30 } } },
  { id: 'recurring', type: 'recurring', settings: AT_ONCE },
  { id: 'attribution', type: 'attribution', settings: AT_ONCE },
  { id: 'catalog', type: 'catalog', settings: AT_ONCE },
  {
    id: 'gate',
    type: 'consent-gate',
    sources: ['web', 'reviews'],
    settings: { events: ['Review Requested'] },
  },
];

/** Everything derived goes out as an event; metrics and the latest order to the profile too. */
const MAPPINGS = [
  {
    id: 'events',
    action: 'trackEvent',
    trigger: 'userId != null and type = "track" and event != "Customer Metrics Updated"',
    mapping: {
      userId: { '@path': '$.userId' },
      eventName: { '@path': '$.event' },
      dataFields: { '@path': '$.properties' },
    },
  },
  {
    id: 'metrics',
    action: 'updateUser',
    trigger: 'event = "Customer Metrics Updated"',
    mapping: { userId: { '@path': '$.userId' }, dataFields: { '@path': '$.properties' } },
  },
  {
    id: 'latest-order',
    action: 'updateUser',
    trigger: 'event = "Order Status Changed" and properties.is_latest_order = true',
    mapping: {
      userId: { '@path': '$.userId' },
      dataFields: { lastOrderActive: { '@path': '$.properties.is_active' } },
    },
  },
];

const CATALOG = {
  id: 'catalog-items',
  action: 'upsertCatalogItems',
  trigger: 'event = "Catalog Item Changed"',
  mapping: {
    catalogName: 'products',
    itemId: { '@path': '$.properties.product_id' },
    item: { '@path': '$.properties.item' },
    replace: true,
  },
};

let harness: Harness | undefined;
afterEach(() => harness?.close());

describe('a server with processors of commerce', () => {
  it('derives events from tracking calls, and delivers them to Iterable', async () => {
    const settings = { apiKey: 'demo', projectType: 'hybrid', fieldTypes: 'convert' };
    harness = await openHarness({
      workspace: (apiUrl) => ({
        sources: [{ id: 'web', writeKey: 'demo' }],
        processors: PROCESSORS,
        destinations: [
          {
            id: 'iterable',
            type: 'iterable',
            settings: { ...settings, apiUrl },
            mappings: [...MAPPINGS, CATALOG],
          },
        ],
      }),
    });
    const made = { method: 'POST', headers: { 'api-key': 'demo' } };
    expect((await fetch(`${harness.sandbox.url}/api/catalogs/products`, made)).status).toBe(201);
    const call = (event: string, minute: number, properties: object): object => ({
      type: 'track',
      userId: 'ada',
      event,
      timestamp: new Date(Date.UTC(2026, 0, 5, 10, minute)).toISOString(),
      properties: { order_id: '17', currency: 'EUR', ...properties },
    });
    const batch = [
      { type: 'identify', userId: 'ada', traits: { email: 'ada@example.com' } },
      call('Order Completed', 0, {
        total: 50,
        campaignId: 7,
        products: [{ product_id: 'p', category: 'Tea', quantity: 2 }],
      }),
      call('Order Shipped', 5, { shipment_id: 's' }),
      call('Order Completed', 6, { order_id: '18', total: 30, subscription_id: 'sub' }),
      call('Order Refunded', 9, { order_id: '18', refund_id: 'r', total: 30 }),
      {
        type: 'track',
        anonymousId: 'product-p',
        event: 'Product Updated',
        properties: { product_id: 'p', name: 'Tea', price: 5, currency: 'EUR' },
      },
    ];
    expect((await harness.track('batch', { batch })).status).toBe(200);
    await harness.server.idle();
    const { profiles, events, catalogs } = (await harness.iterable()) as Answer;
    const [ada] = profiles.filter(({ userId }: Answer) => userId === 'ada');
    expect(ada.dataFields).toMatchObject({
      orders_count: 2,
      total_spent: 50,
      total_refunded: 30,
      last_order_id: '18',
      favorite_category: 'Tea',
      lastOrderActive: false,
    });
    const derived = events.filter(({ eventName }: Answer) => eventName === 'Order Status Changed');
    expect(derived.map(({ dataFields: { order_id: id, status } }: Answer) => [id, status]).sort()).toEqual([
      ['17', 'placed'],
      ['17', 'shipped'],
      ['18', 'placed'],
      ['18', 'refunded'],
    ]);
    const attributed = events.filter(({ eventName }: Answer) => eventName === 'Order Attributed');
    expect(
      attributed.map(({ dataFields: { order_id: id, campaignId } }: Answer) => [id, campaignId]).sort(),
    ).toEqual([
      ['17', 7],
      ['18', 7],
    ]);
    expect(JSON.stringify(catalogs)).toContain('"prices":{"EUR":{"price":5}}');
    const names = events.map(({ eventName }: Answer) => eventName).sort();
    expect(names.filter((name: string) => !name.startsWith('Order '))).toEqual([
      'Message Allowed',
      'Replenishment Due',
      'Review Requested',
      'Subscription Order Completed',
    ]);
  });
});
