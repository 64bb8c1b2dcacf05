import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { ga4 } from '@waybill/destinations';
import { createTestDestination, createTestEvent, propertyTests } from '@waybill/testing';
import { type Google, openGoogle } from './google.ts';

const settings = { measurementId: 'G-TEST', apiSecret: 'a-secret-of-google' };
const now = Date.parse('2026-03-05T12:00:00Z');
const clock = { now: () => now };

propertyTests(ga4, { describe, it }, { settings });

let google: Google;
beforeAll(async () => {
  google = await openGoogle();
});
afterAll(() => google.close());

function order(properties: object = {}, name = 'Order Completed', more: Partial<Event> = {}): Event {
  const at = '2026-03-05T11:00:00.000Z';
  const products = [
    { product_id: 'p1', name: 'Tea', price: 5, quantity: 2, category: 'Drinks', brand: 'Acme' },
  ];
  const all = {
    order_id: '17',
    currency: 'EUR',
    revenue: 10,
    total: 13,
    tax: 1,
    shipping: 2,
    products,
    ...properties,
  };
  return createTestEvent(name, {
    anonymousId: 'a1',
    userId: 'u1',
    timestamp: at,
    properties: all,
    context: {},
    ...more,
  });
}

/** Runs one mapping for an event. */
function run(
  event: Event,
  action = 'purchase',
  mapping?: object,
): ReturnType<ReturnType<typeof createTestDestination>['run']> {
  const mappings =
    mapping === undefined
      ? {}
      : {
          mappings: [
            { id: action, action, trigger: 'type = "track"', mapping: { ...defaults(action), ...mapping } },
          ],
        };
  return createTestDestination(ga4, { settings, clock, ...mappings, answers: [{ status: 204 }] }).run(event);
}

function defaults(action: string): object {
  return (
    ga4.presets.find((preset) => preset.action === action)?.mapping ?? {
      name: 'order_seen',
      clientId: { '@path': '$.anonymousId' },
    }
  );
}

describe('events of the e-commerce spec', () => {
  it('an order is a purchase with its id, without tax and shipping in its value', async () => {
    const { items, requests } = await run(order());
    expect(items.map(({ outcome }) => outcome.status)).toEqual(['delivered']);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      body: {
        client_id: 'a1',
        user_id: 'u1',
        timestamp_micros: Date.parse('2026-03-05T11:00:00Z') * 1_000,
        events: [
          {
            name: 'purchase',
            params: {
              transaction_id: '17',
              currency: 'EUR',
              value: 10,
              tax: 1,
              shipping: 2,
              items: [{ item_id: 'p1', item_name: 'Tea', price: 5, quantity: 2, item_category: 'Drinks' }],
            },
          },
        ],
      },
    });
    expect(requests[0]!.url).toMatch(
      /^https:\/\/www\.google-analytics\.com\/mp\/collect\?measurement_id=G-TEST/,
    );
    expect(JSON.stringify(requests)).not.toContain('a-secret-of-google');
  });

  it.each([
    ['Order Refunded', 'refund', { total: 4 }, { transaction_id: '17', value: 4 }],
    [
      'Product Added',
      'add_to_cart',
      { product_id: 'p2', price: 3, value: 3 },
      { items: [{ item_id: 'p2', price: 3 }] },
    ],
    [
      'Product Removed',
      'remove_from_cart',
      { sku: 's', name: 'Cup' },
      { items: [{ item_id: 's', item_name: 'Cup' }] },
    ],
    ['Cart Viewed', 'view_cart', {}, { items: [{ item_id: 'p1' }] }],
    ['Checkout Started', 'begin_checkout', { coupon: 'TEN' }, { coupon: 'TEN' }],
    ['Payment Info Entered', 'add_payment_info', { payment_method: 'card' }, { payment_type: 'card' }],
    ['Product Viewed', 'view_item', { product_id: 'p3' }, { items: [{ item_id: 'p3' }] }],
    ['Product List Viewed', 'view_item_list', { list_id: 'l' }, { item_list_id: 'l' }],
    ['Product Added to Wishlist', 'add_to_wishlist', { product_id: 'p3' }, { items: [{ item_id: 'p3' }] }],
    ['Products Searched', 'search', { query: 'tea' }, { search_term: 'tea' }],
  ])('%s is %s', async (name, event, properties, params) => {
    const { requests } = await run(order(properties, name));
    expect(requests.map(({ body }) => body)).toMatchObject([{ events: [{ name: event, params }] }]);
  });

  it('events of a back-fill are omitted', async () => {
    const { items } = await run(order({}, 'Order Completed', { context: { historical: true } }));
    expect(items).toEqual([]);
  });
});

describe('the published rules', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, 1]));
  it.each<[string, string | undefined, string, object, Event?]>([
    ['more than 25 parameters', 'params', 'customEvent', { params: many(25) }],
    ['a name that is too long', 'name', 'customEvent', { name: 'a'.repeat(41) }],
    ['a name that begins with a digit', 'name', 'customEvent', { name: '1st' }],
    ['a name that Google keeps', 'name', 'customEvent', { name: 'session_start' }],
    ['a prefix that Google keeps', 'params.ga_x', 'customEvent', { params: { ga_x: 1 } }],
    ['a parameter that is an object', 'params.x', 'customEvent', { params: { x: { y: 1 } } }],
    ['more than 25 user properties', 'userProperties', 'customEvent', { userProperties: many(26) }],
    [
      'a user property that Google keeps',
      'userProperties.user_id',
      'customEvent',
      { userProperties: { user_id: 1 } },
    ],
    ['a user ID that is too long', 'userId', 'customEvent', { userId: 'u'.repeat(257) }],
    [
      'more than 200 items',
      'items',
      'purchase',
      { items: Array.from({ length: 201 }, () => ({ item_id: 'x' })) },
    ],
    ['an item without id and name', 'items[0].item_id', 'purchase', { items: [{ price: 1 }] }],
    ['a value without a currency', 'currency', 'purchase', { currency: undefined }],
    ['a currency that is none', 'currency', 'purchase', { currency: 'Euro' }],
    ['a transaction ID that is too long', 'transactionId', 'purchase', { transactionId: 'x'.repeat(101) }],
    ['an event that is older than 72 hours', 'timestamp', 'purchase', { timestamp: '2026-03-02T11:59:59Z' }],
  ])('%s is refused before it is sent', async (_what, field, action, mapping) => {
    const { items, requests } = await run(order(), action, mapping);
    expect(requests).toEqual([]);
    expect(items[0]!.outcome).toMatchObject({
      status: 'rejected',
      ...(field === undefined ? {} : { field }),
    });
  });

  it('texts are truncated to 100 characters, with a warning', async () => {
    const { items, requests } = await run(order({ coupon: 'c'.repeat(150) }));
    expect(requests[0]!.body).toMatchObject({ events: [{ params: { coupon: 'c'.repeat(100) } }] });
    expect(items[0]!.outcome).toMatchObject({
      status: 'delivered',
      note: expect.stringContaining('coupon was cut'),
    });
  });

  it('an event of a clock that is ahead happens now, and one of 72 hours ago is accepted', async () => {
    const ahead = await run(order(), 'purchase', { timestamp: '2026-03-05T12:00:05Z' });
    expect(ahead.requests[0]!.body).not.toHaveProperty('timestamp_micros');
    const old = await run(order(), 'purchase', { timestamp: '2026-03-02T12:00:00Z' });
    expect(old.items[0]!.outcome.status).toBe('delivered');
  });
});

describe('against an endpoint', () => {
  const against = (more: object = {}) =>
    createTestDestination(ga4, {
      settings: { ...settings, apiUrl: google.url, ...more },
      live: true,
      allowedHosts: [new URL(google.url).host],
    });
  const fresh = (properties: object = {}): Event =>
    order(properties, 'Order Completed', { timestamp: new Date(Date.now() - 1_000).toISOString() });

  it('records, with ID and secret in the address', async () => {
    const { items, requests } = await against().run(fresh());
    expect(items[0]!.outcome.status).toBe('delivered');
    expect(google.collected.at(-1)).toMatchObject({
      path: '/mp/collect',
      query: { measurement_id: 'G-TEST', api_secret: 'a-secret-of-google' },
      body: { events: [{ name: 'purchase', params: { transaction_id: '17' } }] },
    });
    expect(JSON.stringify([items, requests])).not.toContain('a-secret-of-google');
  });

  it('only validates on request, and accepts what the rules accept', async () => {
    const { items } = await against({ mode: 'check' }).run(fresh());
    expect(items[0]!.outcome).toMatchObject({
      status: 'delivered',
      note: expect.stringContaining('recorded nothing'),
    });
    expect(google.collected.at(-1)!.path).toBe('/debug/mp/collect');
  });

  it('reports what Google finds wrong', async () => {
    const validationMessages = [{ fieldPath: 'events', description: 'No.', validationCode: 'VALUE_INVALID' }];
    const under = createTestDestination(ga4, {
      settings: { ...settings, mode: 'check' },
      clock,
      answers: [{ json: { validationMessages } }],
    });
    const { items } = await under.run(order());
    expect(items[0]!.outcome).toMatchObject({
      status: 'rejected',
      code: 'destination_rejected',
      field: 'events',
      message: 'Google says: No. (VALUE_INVALID)',
    });
  });
});
