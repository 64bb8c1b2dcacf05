import { describe, expect, it } from 'vitest';
import { compileValidator, SHOP_FIELDS } from '@waybill/core';
import { autoOrder, cart, customer, euroOrder, item, order, rebill, review } from './rows.ts';
import { contextOf, NOW, streams } from './shop.ts';

function statesOf(stream: string, row: unknown, settings: Readonly<Record<string, unknown>> = {}) {
  const before = structuredClone(row);
  const states = streams[stream]!.states(row, contextOf(() => undefined, settings).context);
  expect(row).toEqual(before);
  for (const { kind, ...state } of states)
    expect(compileValidator(SHOP_FIELDS[kind])(state)).toMatchObject({ ok: true });
  return states;
}

describe('an order', () => {
  it('has the amounts of UltraCart, lines without the parts of kits, and the last click', () => {
    const fields = ['giftNote', 'custom_field1', 'customer_ip_address'];
    const [state] = statesOf('orders', order, { orderFields: fields });
    expect(state).toMatchObject({
      kind: 'order',
      id: 'DEMO-0009104390',
      status: 'placed',
      placedAt: '2026-02-03T16:48:56.000Z',
      updatedAt: '2026-02-03T16:49:00.000Z',
      customer: { id: '3216', email: 'Pat@example.com', phone: '+15550100100' },
      billingAddress: { street: '1 Main St\nApt 2', country: 'US' },
      currency: 'USD',
      subtotal: 1800,
      discount: 300,
      shipping: 400,
      tax: 160,
      total: 2460,
      coupons: ['5OFF'],
      attribution: { source: 'google', id: 'c1', campaignId: '77', clickIds: { gclid: 'abc' } },
      store: { id: 'shop.example.com', locale: 'fr', url: 'https://shop.example.com' },
      custom: { advertisingSource: 'friend', giftNote: 'Hi', custom_field1: 'blue' },
    });
    expect(state).toHaveProperty('lines', [
      {
        id: '1',
        productId: 'KIT',
        sku: 'KIT',
        name: "Pat's kit",
        quantity: 2,
        price: 1000,
        total: 1800,
        discount: 200,
        variant: 'Size: XL',
      },
    ]);
    expect(JSON.stringify(state)).not.toMatch(/4111|secret|203\.0/);
  });

  it('in another currency has its total in that of the books too', () => {
    expect(statesOf('orders', euroOrder)[0]).toMatchObject({
      currency: 'EUR',
      subtotal: 1800,
      total: 1800,
      baseCurrency: 'USD',
      baseTotal: 2000,
    });
    const yen = { ...order, currency_code: 'JPY', summary: { total: { value: 20, localized: 3001 } } };
    expect(statesOf('orders', yen)[0]).toMatchObject({ currency: 'JPY', total: 3001, baseTotal: 2000 });
  });

  it('of a subscription is a renewal unless it is the first, and has its parcel and its refunds', () => {
    expect(statesOf('orders', rebill)[0]).toMatchObject({
      subscriptionId: '4411',
      isRebill: true,
      updatedAt: '2026-02-07T17:00:00.000Z',
      refundedTotal: 900,
      refundedShipping: 250,
      refundedTax: 50,
      refundReason: 'CustomerCancel',
      refundedAt: '2026-02-06T15:00:00.000Z',
      lines: [{ id: '1', refundedQuantity: 1, refundedAmount: 900 }],
      shipments: [
        {
          at: '2026-02-05T14:00:00.000Z',
          service: 'UPS: Ground',
          trackingNumbers: ['1Z1', '1Z2'],
          trackingUrl: 'https://track.example/1Z1',
          lines: [{ lineId: '1', quantity: 2 }],
        },
      ],
    });
    // One of the two numbers has not arrived.
    expect(statesOf('orders', rebill)[0]).not.toHaveProperty('shipments.0.deliveredAt');
    const first = { ...rebill, auto_order: { ...rebill.auto_order, original_order_id: rebill.order_id } };
    expect(statesOf('orders', first)[0]).not.toHaveProperty('isRebill');
  });

  it.each([
    ['Accounts Receivable', 'Authorized', 'created', 'placed', true],
    ['Accounts Receivable', 'Declined', 'paid', 'open', false],
    ['Accounts Receivable', 'Processed', 'paid', 'placed', true],
    ['Completed Order', 'Unprocessed', 'paid', 'placed', true],
    ['Rejected', 'Declined', 'paid', 'cancelled', false],
    ['Rejected', 'Declined', 'created', 'cancelled', true],
    ['Quote Sent', 'Unprocessed', 'created', 'open', false],
  ])('in stage %s with payment %s, counted when %s, is %s', (stage, payment, completeOn, status, placed) => {
    const row = { ...order, current_stage: stage, payment: { payment_status: payment } };
    const [state] = statesOf('orders', row, { completeOn });
    expect(state).toHaveProperty('status', status);
    expect('placedAt' in state!).toBe(placed);
  });

  it('that is a test is marked, and one without a total is invalid', () => {
    const test = { ...order, payment: { ...order.payment, test_order: true } };
    expect(statesOf('orders', test)[0]).toHaveProperty('isTest', true);
    expect(() => statesOf('orders', { ...order, summary: {} })).toThrow('summary.total');
  });
});

describe('consent', () => {
  it('belongs to one person, wherever it was given', () => {
    const said = [...statesOf('orders', order), ...statesOf('customers', customer)].filter(
      ({ kind }) => kind === 'consent',
    );
    expect(said.map(({ id }) => id)).toEqual(['email:pat@example.com', 'email:pat@example.com']);
    expect(said[1]).toMatchObject({ state: 'subscribed', lists: ['Newsletter'] });
    expect(statesOf('carts', { cart, abandonedAt: '2026-02-01T00:00:00.000Z' })[1]).toMatchObject({
      id: 'sms:pat@example.com',
      state: 'subscribed',
      origin: 'checkout',
    });
  });

  it('is withdrawn by an unsubscribe, a complaint or STOP, and by nothing else', () => {
    const activity = {
      global_unsubscribed: true,
      global_unsubscribed_dts: '2026-02-04T00:00:00-05:00',
      sms_stop: true,
      memberships: customer.activity.memberships,
    };
    expect(statesOf('customers', { ...customer, activity }).slice(1)).toMatchObject([
      { channel: 'email', state: 'unsubscribed', at: '2026-02-04T05:00:00.000Z' },
      { channel: 'sms', state: 'unsubscribed', origin: 'STOP' },
    ]);
    expect(statesOf('customers', { ...customer, activity: {} })).toHaveLength(1);
    expect(statesOf('orders', { ...order, marketing: { mailing_list: false } })).toHaveLength(1);
    expect(statesOf('orders', { ...order, current_stage: 'Quote Sent' })).toHaveLength(1);
  });
});

it('a customer has the default address and the amount spent, and nothing of cards', () => {
  const [state] = statesOf('customers', customer, { customerFields: ['shoeSize'] });
  expect(state).toMatchObject({
    kind: 'customer',
    id: '3216',
    firstName: 'Pat',
    phone: '555-010-0100',
    createdAt: '2024-05-01T14:00:00.000Z',
    address: { city: 'Tucker' },
    group: 'Wholesale',
    tags: ['vip'],
    lifetimeTotal: 31140,
    lifetimeOrders: 7,
    custom: { shoeSize: '43' },
  });
  expect(JSON.stringify(state)).not.toMatch(/4111|secret|12-345/);
});

it('an abandoned cart has a link back', () => {
  expect(statesOf('carts', { cart, abandonedAt: '2026-02-01T00:00:00.000Z' })[0]).toMatchObject({
    kind: 'cart',
    status: 'active',
    abandonedAt: '2026-02-01T00:00:00.000Z',
    subtotal: 3410,
    discount: 180,
    total: 3410,
    url: 'https://shop.example.com/checkout?return=ABC123XYZ',
    lines: [{ productId: 'BONE', price: 1795, total: 3590, imageUrl: 'https://img.example/bone.jpg' }],
    attribution: { source: 'newsletter' },
  });
});

it.each([
  [{}, 'active'],
  [{ items: [{ ...autoOrder.items[0], paused: true }] }, 'paused'],
  [{ status: 'canceled', canceled_dts: '2026-02-05T00:00:00-05:00', cancel_reason: 'Too dear' }, 'cancelled'],
  [{ status: 'disabled', failure_reason: 'Card' }, 'failed'],
  [{ status: 'merged' }, 'ended'],
])('an auto order with %j is %s', (changed, status) => {
  const [state] = statesOf('autoOrders', { autoOrder: { ...autoOrder, ...changed }, order });
  expect(state).toMatchObject({
    kind: 'subscription',
    id: '4411',
    status,
    customer: { id: '3216', email: 'Pat@example.com' },
    startedAt: '2026-02-03T16:48:56.000Z',
    orders: 4,
    failures: 1,
    interval: 'Monthly',
    lastOrderId: 'DEMO-0009104999',
    lines: [{ productId: 'KIT', name: "Pat's kit", quantity: 1, price: 1000 }],
  });
  expect('nextOrderAt' in state!).toBe(!['cancelled', 'ended'].includes(status));
});

it('an item has the current price, its stock, and pictures of the requested size', () => {
  const row = { item, readAt: NOW };
  expect(statesOf('products', row)[0]).toMatchObject({
    kind: 'product',
    id: 'BONE',
    name: 'Bone',
    description: 'Good bone',
    status: 'active',
    brand: 'Bones Inc',
    categories: ['Dogs', 'Treats'],
    price: 1795,
    salePrice: 1500,
    stock: 7,
    imageUrl: 'https://img.example/bone.jpg',
  });
  expect(statesOf('products', row, { imageSize: 300 })[0]).toHaveProperty('images', [
    'https://img.example/bone-400.jpg',
  ]);
  const before = { ...row, readAt: Date.parse('2025-11-30') };
  expect(statesOf('products', before)[0]).not.toHaveProperty('salePrice');
});

it('a review has a customer and an order', () => {
  expect(statesOf('reviews', { item, reviews: [review] })).toMatchObject([
    {
      id: '5',
      productId: 'BONE',
      orderId: order.order_id,
      rating: 4,
      status: 'pending',
      customer: { id: '3216' },
    },
  ]);
});

it('a review without an id is set aside, and the others of its item are reported', () => {
  const { review_oid: _id, ...nameless } = review;
  const row = { item, reviews: [nameless, review] };
  expect(statesOf('reviews', row)).toMatchObject([{ id: '5' }]);
  const { context } = contextOf(() => undefined);
  expect(streams['reviews']!.unreadable!(row, context)).toEqual([
    { message: 'The row has no review_oid.', part: nameless },
  ]);
});
