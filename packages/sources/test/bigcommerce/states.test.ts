import { describe, expect, it } from 'vitest';
import { compileValidator, SHOP_FIELDS, type ShopState } from '@waybill/core';
import { cart, checkout, customer, order, product, refund, review, shipment, subscriber } from './rows.ts';
import { SETTINGS, streams } from './shop.ts';

const channel = { id: '2', name: 'Berlin', type: 'storefront', url: 'https://shop.example' };
const row = { order, coupons: [{ id: 3, code: 'TEN', discount: 11.9 }], shipments: [], refunds: [], channel };

/** Returns the only state of a row, validated. */
function stateOf(
  stream: string,
  given: unknown,
  settings: Readonly<Record<string, unknown>> = {},
): ShopState {
  const before = structuredClone(given);
  const states = streams[stream]!.states(given, { settings: { ...SETTINGS, ...settings } });
  expect(given).toEqual(before);
  expect(states).toHaveLength(1);
  const { kind, ...state } = states[0]!;
  expect(compileValidator(SHOP_FIELDS[kind], { removeUnknown: false })(state)).toMatchObject({
    ok: true,
    changes: [],
  });
  return states[0]!;
}

describe('an order', () => {
  it('counts money once, in the currency of the payment', () => {
    expect(stateOf('orders', row)).toMatchObject({
      kind: 'order',
      id: '250',
      status: 'placed',
      placedAt: '2026-03-03T21:40:11.000Z',
      updatedAt: '2026-03-04T08:02:55.000Z',
      currency: 'EUR',
      subtotal: 9000,
      shipping: 500,
      tax: 1805,
      discount: 1000,
      total: 11305,
      baseCurrency: 'USD',
      baseTotal: 22610,
      coupons: ['TEN'],
      custom: { orderSource: 'www', storeCredit: 3 },
    });
  });

  it('has lines after discounts whose sum is the subtotal, and bundles as one line', () => {
    const { lines } = stateOf('orders', row) as Extract<ShopState, { kind: 'order' }>;
    expect(lines).toEqual([
      expect.objectContaining({
        id: '87',
        productId: '120',
        sku: 'MUG',
        quantity: 2,
        price: 2000,
        total: 3600,
        discount: 400,
        tax: 684,
        variant: 'Red',
        coupon: 'TEN',
      }),
      expect.objectContaining({ id: '88', total: 5400, tax: 1026, custom: { parts: ['Spoon'] } }),
    ]);
  });

  it('has people and places, but only data for campaigns', () => {
    const state = stateOf('orders', row);
    expect(state).toMatchObject({
      customer: { id: '11', email: 'jane@example.com', phone: '030 1234567', firstName: 'Jane' },
      billingAddress: { street: 'Hauptstr. 1\nHof', postalCode: '10115', country: 'DE' },
      shippingAddress: { firstName: 'John', street: 'Nebenstr. 2' },
      store: { id: '2', name: 'Berlin', channel: 'storefront', locale: 'de', url: 'https://shop.example' },
      shippingMethod: 'DHL Paket',
      cartId: order.cart_id,
    });
    expect(JSON.stringify(state)).not.toMatch(/do not call|203\.0\.113|Secret/);
  });

  it('of a guest has no account', () => {
    const guest = stateOf('orders', { ...row, order: { ...order, customer_id: 0 } });
    expect(guest).toHaveProperty('customer.email', 'jane@example.com');
    expect(guest).not.toHaveProperty('customer.id');
  });

  it.each([
    [0, 'open', false],
    [1, 'placed', true],
    [2, 'placed', true],
    [4, 'placed', true],
    [5, 'cancelled', true],
    [6, 'cancelled', false],
    [11, 'placed', true],
    [14, 'placed', true],
  ])('with status %s is %s', (status_id, status, isPlaced) => {
    const state = stateOf('orders', { ...row, order: { ...order, status_id } });
    expect(state).toHaveProperty('status', status);
    expect('placedAt' in state).toBe(isPlaced);
  });

  it('has a refund for each accepted transaction', () => {
    const declined = { ...refund, id: 13, payments: [{ amount: 1, is_declined: true }] };
    const again = { ...refund, id: 14, payments: [], items: [], total_amount: 1, reason: '' };
    const state = stateOf('orders', { ...row, refunds: [refund, declined, again] });
    expect(state).toHaveProperty('refunds', [
      {
        id: '12',
        at: '2026-03-09T16:44:15.000Z',
        amount: 2737,
        shipping: 500,
        tax: 437,
        reason: 'Damaged',
        lines: [{ lineId: '87', quantity: 1 }],
      },
      { id: '14', at: '2026-03-09T16:44:15.000Z', amount: 100, tax: 437 },
    ]);
  });

  it('has parcels with their contents', () => {
    expect(stateOf('orders', { ...row, shipments: [shipment] })).toHaveProperty('shipments', [
      {
        id: '16',
        at: '2026-03-05T17:17:10.000Z',
        carrier: 'UPS',
        service: 'Ground',
        trackingNumbers: ['1Z123'],
        trackingUrl: 'https://www.ups.com/track?1Z123',
        lines: [{ lineId: '87', quantity: 1 }],
      },
    ]);
  });

  it('subtracts fees from the subtotal only where they are in the total', () => {
    const fees = [{ cost_ex_tax: '2.0000', cost_inc_tax: '2.3800' }];
    const beside = stateOf('orders', { ...row, order: { ...order, fees } });
    expect(beside).toHaveProperty('subtotal', 9000);
    const sums = { total_ex_tax: '97.0000', total_inc_tax: '115.4300', total_tax: '18.4300' };
    const within = stateOf('orders', { ...row, order: { ...order, ...sums, fees } });
    expect(within).toHaveProperty('subtotal', 9000);
  });

  it.each(['JPY', 'KWD'])('in %s has the decimals of the currency', (currency) => {
    const state = stateOf('orders', { ...row, order: { ...order, default_currency_code: currency } });
    expect(state).toHaveProperty('total', currency === 'JPY' ? 113 : 113_050);
  });

  it('without a total is invalid', () => {
    const given = { ...row, order: { ...order, total_inc_tax: '' } };
    expect(() => streams['orders']!.states(given, { settings: SETTINGS })).toThrow('total_inc_tax');
  });
});

describe('a cart', () => {
  it('of a guest is in checkout when there is an address', () => {
    expect(stateOf('carts', { cart, checkout, channel })).toMatchObject({
      kind: 'cart',
      status: 'active',
      checkoutAt: '2026-03-03T20:31:02.000Z',
      customer: { email: 'guest@example.com', phone: '+81312345678' },
      currency: 'JPY',
      subtotal: 2700,
      discount: 300,
      tax: 270,
      total: 2970,
      coupons: ['TEN'],
      lines: [
        { productId: '120', price: 1500, total: 2700, discount: 300, url: 'https://shop.example/mug/' },
      ],
      store: { locale: 'ja-JP' },
    });
    const early = stateOf('carts', { cart });
    expect(early).not.toHaveProperty('checkoutAt');
    expect(early).not.toHaveProperty('customer');
  });

  it('is abandoned an hour after its last change, and reported once', () => {
    const given = { cart, isAbandoned: true };
    expect(stateOf('abandonedCarts', given)).toHaveProperty('abandonedAt', '2026-03-03T21:31:02.000Z');
    const link = { cartLink: 'https://shop.example/back?cart={id}' };
    expect(stateOf('carts', given, link)).toHaveProperty('url', `https://shop.example/back?cart=${cart.id}`);
  });

  it('that has become an order is marked so', () => {
    expect(stateOf('carts', { ordered: { cart: cart.id, order } })).toMatchObject({
      id: cart.id,
      status: 'ordered',
      orderId: '250',
    });
  });
});

describe('a customer', () => {
  it('has the requested fields, and no others', () => {
    const given = { customer, group: 'Wholesale', attributes: { Tier: 'gold' }, channel };
    expect(stateOf('customers', given, { customerFields: ['Shoe size', 'Tier'] })).toMatchObject({
      id: '11',
      email: 'jane@example.com',
      phone: '030 1',
      group: 'Wholesale',
      address: { street: 'Hauptstr. 1', country: 'DE' },
      store: { id: '2' },
      custom: { 'Shoe size': '42', Tier: 'gold', storeCredit: 43.15, acceptsReviewAndCartEmails: true },
    });
    expect(JSON.stringify(stateOf('customers', given))).not.toMatch(/Tax number|rude|Shoe/);
  });
});

describe('a subscriber', () => {
  it.each([
    [['marketing_newsletter', 'abandoned_cart'], 'subscribed'],
    [['abandoned_cart'], 'none'],
    [[], 'none'],
  ])('with %j is %s', (consents, state) => {
    expect(stateOf('subscribers', { subscriber: { ...subscriber, consents }, channel })).toMatchObject({
      channel: 'email',
      state,
      at: '2026-03-01T10:00:00.000Z',
      origin: 'storefront',
    });
  });
});

describe('a product', () => {
  const given = {
    product,
    currency: 'EUR',
    categories: ['Shop', 'Cups'],
    brand: 'Pots',
    site: 'https://shop.example',
  };

  it('has its page, its pictures in the requested size and its variants', () => {
    expect(stateOf('products', given)).toMatchObject({
      status: 'active',
      description: 'For tea & coffee.',
      url: 'https://shop.example/mug/',
      imageUrl: 'https://cdn.example/1.560.850.jpg',
      categories: ['Shop', 'Cups'],
      price: 1800,
      stock: 7,
      variants: [
        { id: '118', name: 'Red', price: 2000, stock: 3, attributes: { Colour: 'Red' } },
        { id: '119', name: 'Blue', price: 1800, stock: 4 },
      ],
    });
    expect(stateOf('products', given, { imageSize: 'tiny' })).toHaveProperty(
      'imageUrl',
      'https://cdn.example/1.66.100.jpg',
    );
  });

  it('has reviews', () => {
    expect(stateOf('reviews', { product, reviews: [review] })).toMatchObject({
      kind: 'review',
      id: '9',
      productId: '120',
      rating: 5,
      status: 'approved',
      customer: { email: 'jane@example.com' },
    });
  });

  it('keeps its reviews when one of them has no id: that one is set aside', () => {
    const { id: _id, ...nameless } = review;
    const given = { product, reviews: [nameless, review] };
    expect(stateOf('reviews', given)).toMatchObject({ id: '9' });
    expect(streams['reviews']!.unreadable!(given, { settings: SETTINGS })).toEqual([
      { message: 'The row has no id.', part: nameless },
    ]);
  });
});
