import { describe, expect, it } from 'vitest';
import { fixture, statesOf } from './shop.ts';
import type { Loose } from '../loose.ts';

const euro = (centAmount: number, currencyCode = 'EUR', fractionDigits = 2) => ({
  type: 'centPrecision',
  currencyCode,
  centAmount,
  fractionDigits,
});
const taxed = (net: number, gross: number) => ({ totalNet: euro(net), totalGross: euro(gross) });

/** The order of the documentation, extended. */
function orderOf(changes: Loose = {}): Loose {
  return { ...fixture('order'), customerEmail: 'jane@example.com', ...changes };
}
const stateOf = (order: Loose, settings = {}): Loose => statesOf('orders', { row: order }, settings)[0];
const line = fixture('order').lineItems[0];

describe('the examples of the documentation', () => {
  it.each<readonly [string, unknown, Loose]>([
    [
      'orders',
      { row: fixture('order') },
      { id: '92f5a867-bf19-47ab-982c-6720a03a3921', status: 'placed', total: 1000 },
    ],
    ['carts', { row: fixture('cart') }, { status: 'active', total: 0, lines: [] }],
    ['customers', { customer: fixture('customer') }, { email: 'johndoe@example.com', firstName: 'John' }],
    ['products', fixture('product-projection'), { name: 'Some Products', status: 'active', currency: 'XXX' }],
    ['subscriptions', { row: fixture('recurring-order') }, { status: 'active', interval: 'every 1 days' }],
    ['reviews', fixture('review'), { rating: 5, productId: '8fddacac-6ef5-4e66-af6e-124452123456' }],
  ])('of %s are states', (stream, row, state) => {
    const before = structuredClone(row);
    expect(statesOf(stream, row)).toEqual([expect.objectContaining(state)]);
    expect(row).toEqual(before);
  });

  it('of a line has its name, price and taxes', () => {
    expect(stateOf(fixture('order')).lines).toEqual([
      {
        id: '7297c742-d8b0-484b-aadc-1d0ba1869dc9',
        productId: 'c5c75935-595a-4cc3-a80e-24e9a9c55094',
        variantId: '1',
        sku: 'some-sku-123',
        name: 'MyProduct',
        quantity: 1,
        price: 1000,
        total: 1000,
        discount: 0,
        tax: 100,
      },
    ]);
  });

  it('never shows the password of a customer, for any selected fields', () => {
    expect(JSON.stringify(statesOf('customers', { customer: fixture('customer') }))).not.toContain('****');
  });
});

describe('the money of an order', () => {
  // 2 at 29.90 gross with 20 % tax, 10 % off; shipping 9.90.
  const order = orderOf({
    lineItems: [
      {
        ...line,
        quantity: 2,
        price: { value: euro(5980), discounted: { value: euro(2990) } },
        taxRate: { amount: 0.2, includedInPrice: true },
        totalPrice: euro(5382),
        taxedPrice: taxed(4485, 5382),
      },
    ],
    totalPrice: euro(6372),
    taxedPrice: { ...taxed(5310, 6372), totalTax: euro(1062) },
    shippingInfo: {
      shippingMethodName: 'DHL',
      price: euro(990),
      taxRate: { amount: 0.2, includedInPrice: true },
      taxedPrice: taxed(825, 990),
    },
  });

  it('adds up, with taxes and discounts counted once', () => {
    const { subtotal, shipping, tax, total, discount, lines } = stateOf(order);
    expect({ subtotal, shipping, tax, total, discount }).toEqual({
      subtotal: 4485,
      shipping: 825,
      tax: 1062,
      total: 6372,
      discount: 598,
    });
    expect(subtotal + shipping + tax).toBe(total);
    expect(lines[0]).toMatchObject({ price: 2492, total: 4485, discount: 598, tax: 897 });
  });

  it('without taxes is the amount of the shop', () => {
    const { taxedPrice: _none, ...untaxed } = order;
    expect(stateOf(untaxed)).toMatchObject({ subtotal: 5382, shipping: 990, total: 6372 });
    expect(stateOf(untaxed)).not.toHaveProperty('tax');
  });

  it('is summed over several shipping methods', () => {
    const ways = [{ shippingInfo: { price: euro(300) } }, { shippingInfo: { price: euro(200) } }];
    const several = { ...orderOf({ shippingMode: 'Multiple', shipping: ways, totalPrice: euro(1500) }) };
    expect(stateOf(several)).toMatchObject({ shipping: 500, subtotal: 1000 });
  });

  it.each([
    [euro(1234, 'JPY', 0), 1234],
    [euro(1234, 'KWD', 3), 1234],
    [{ ...euro(12, 'EUR', 5), type: 'highPrecision', preciseAmount: 12_345 }, 12],
    // Some stand-ins for the API write whole units.
    [euro(12, 'USD', 0), 1200],
  ])('is whole units of its currency: %j', (totalPrice, total) => {
    expect(stateOf({ ...fixture('order'), lineItems: [], totalPrice }).total).toBe(total);
  });

  it('of a part is subtracted from the total', () => {
    const off = orderOf({ discountOnTotalPrice: { discountedAmount: euro(150) }, totalPrice: euro(850) });
    expect(stateOf(off)).toMatchObject({ discount: 150, total: 850 });
  });
});

describe('the history of an order', () => {
  const payment = (transactions: readonly Loose[]) => ({
    paymentInfo: {
      payments: [
        {
          typeId: 'payment',
          id: 'p',
          obj: { ...fixture('payment'), lastModifiedAt: '2026-03-09T10:00:00.000Z', transactions },
        },
      ],
    },
  });
  const refund = (id: string, amount: number, state = 'Success') => ({
    id,
    type: 'Refund',
    state,
    amount: euro(amount),
    timestamp: '2026-03-09T10:00:00.000Z',
  });

  it('has the refunds, each separate, with their lines', () => {
    const returned = [{ items: [{ lineItemId: line.id, quantity: 1, paymentState: 'Refunded' }] }];
    const order = orderOf({
      ...payment([
        refund('a', 300),
        refund('b', 1100),
        refund('c', 5, 'Failure'),
        { ...refund('d', 1), type: 'Charge' },
      ]),
      returnInfo: returned,
    });
    expect(stateOf(order)).toMatchObject({
      updatedAt: '2026-03-09T10:00:00.000Z',
      paymentMethod: 'CREDIT_CARD',
    });
    expect(stateOf(order).refunds).toEqual([
      { id: 'a', at: '2026-03-09T10:00:00.000Z', amount: 300 },
      {
        id: 'b',
        at: '2026-03-09T10:00:00.000Z',
        amount: 1100,
        lines: [{ lineId: line.id, quantity: 1, amount: 1100 }],
      },
    ]);
  });

  it('has its parcels, without returns', () => {
    const deliveries = [
      {
        id: 'd1',
        createdAt: '2026-03-05T09:00:00.000Z',
        items: [{ id: line.id, quantity: 1 }],
        parcels: [
          {
            id: 'p1',
            createdAt: '2026-03-05T09:01:00.000Z',
            trackingData: { trackingId: '1Z', carrier: 'UPS' },
            items: [],
          },
          { id: 'p2', trackingData: { trackingId: '2Z', isReturn: true } },
        ],
      },
      { id: 'd2', createdAt: '2026-03-05T09:00:00.000Z', items: [] },
    ];
    const order = orderOf({ shippingInfo: { price: euro(0), deliveries } });
    const parcel = {
      id: 'p1',
      at: '2026-03-05T09:01:00.000Z',
      carrier: 'UPS',
      trackingNumbers: ['1Z'],
      lines: [{ lineId: line.id, quantity: 1 }],
    };
    expect(stateOf(order).shipments).toEqual([parcel]);
    const arrived = stateOf({ ...order, shipmentState: 'Delivered' }).shipments;
    expect(arrived.map(({ id }: Loose) => id)).toEqual(['p1', 'd2']);
    expect(arrived[0]).toEqual({ ...parcel, deliveredAt: order.lastModifiedAt });
  });

  it.each<readonly [Loose, Loose, Loose]>([
    [{}, {}, { status: 'placed', placedAt: '2017-01-04T19:54:49.797Z' }],
    [
      { completedAt: '2016-01-01T00:00:00.000Z' },
      {},
      { status: 'placed', placedAt: '2016-01-01T00:00:00.000Z' },
    ],
    [{ orderState: 'Cancelled' }, {}, { status: 'cancelled', placedAt: '2017-01-04T19:54:49.797Z' }],
    [{ paymentState: 'Pending' }, { completeOn: 'paid' }, { status: 'open', placedAt: undefined }],
    [{ paymentState: 'Paid' }, { completeOn: 'paid' }, { status: 'placed' }],
    [{ orderState: 'Cancelled' }, { completeOn: 'paid' }, { status: 'cancelled', placedAt: undefined }],
    [{ origin: 'RecurringOrder', recurringOrder: { id: 'r' } }, {}, { isRebill: true, subscriptionId: 'r' }],
  ])('has its status: %j with %j', (changes, settings, state) => {
    const { placedAt, ...rest } = stateOf(orderOf(changes), settings);
    expect({ placedAt, ...rest }).toMatchObject(state);
  });
});

describe('people and places', () => {
  it('have a guest of an order, with attribution and the named fields', () => {
    const { customerId: _none, ...guest } = orderOf({
      anonymousId: 'visitor',
      locale: 'de-DE',
      store: { typeId: 'store', key: 'de' },
      billingAddress: {
        firstName: 'Jane',
        streetName: 'Main',
        streetNumber: '1',
        country: 'DE',
        mobile: '0151',
      },
      discountCodes: [{ discountCode: { id: 'c', obj: { code: 'TEN' } }, state: 'MatchesCart' }],
      custom: { fields: { utm_source: 'news', iterableCampaignId: 7, gift: true, secret: 'x' } },
    });
    const store = { key: 'de', name: { en: 'Germany', de: 'Deutschland' } };
    expect(statesOf('orders', { row: guest, store }, { orderFields: ['gift'] })[0]).toMatchObject({
      customer: { anonymousId: 'visitor', email: 'jane@example.com', phone: '0151', firstName: 'Jane' },
      billingAddress: { street: 'Main 1', country: 'DE' },
      store: { id: 'de', name: 'Deutschland', locale: 'de-DE' },
      attribution: { source: 'news', campaignId: '7' },
      coupons: ['TEN'],
      custom: { gift: true },
    });
  });

  it.each<readonly [unknown, string | undefined]>([
    [true, 'subscribed'],
    ['subscribed', 'subscribed'],
    [{ key: 'pending' }, 'pending'],
    [false, 'unsubscribed'],
    [null, undefined],
    ['perhaps', undefined],
  ])('have consent, of a field: %j', (news, state) => {
    const customer = { ...fixture('customer'), custom: { fields: { news } } };
    const consents = statesOf('customers', { customer }, { emailConsentField: 'news' }).slice(1);
    expect(consents.map((one: Loose) => one.state)).toEqual(state === undefined ? [] : [state]);
  });

  it.each([
    ['Active', 'active'],
    ['Frozen', 'active'],
    ['Merged', 'gone'],
    ['Ordered', 'ordered'],
  ])('have a cart that is %s', (cartState, status) => {
    const cart = { ...fixture('cart'), cartState, shippingAddress: { country: 'DE' } };
    expect(statesOf('carts', { row: cart })[0].status).toBe(status);
    expect(statesOf('carts', { row: cart })[0]).not.toHaveProperty('checkoutAt');
    const further = { ...cart, shippingAddress: { country: 'DE', streetName: 'Main' } };
    expect(
      statesOf('carts', { row: further }, { cartUrl: 'https://shop.example/cart/{id}' })[0],
    ).toMatchObject({
      checkoutAt: cart.lastModifiedAt,
      url: `https://shop.example/cart/${cart.id}`,
    });
  });
});

it.each(['RecurringOrder', 'Quote'])('an existing cart for a %s reports nothing', (origin) => {
  expect(statesOf('carts', { row: { ...fixture('cart'), origin } })).toEqual([]);
});

describe('a product', () => {
  const variant = (id: number, cents: number, size: string, stock: number) => ({
    id,
    sku: `S${id}`,
    prices: [
      { value: euro(1), customerGroup: { id: 'vip' } },
      { value: euro(cents), discounted: { value: euro(cents - 100) } },
    ],
    images: [{ url: `https://img.example/${id}.jpg` }],
    attributes: [
      { name: 'size', value: { key: size, label: { en: size.toUpperCase() } } },
      { name: 'brand', value: 'Acme' },
    ],
    availability: { channels: { a: { availableQuantity: stock }, b: { availableQuantity: 1 } } },
  });
  const product = {
    ...fixture('product-projection'),
    description: { en: '<b>Warm</b>  and dry' },
    masterVariant: variant(1, 3000, 'm', 4),
    variants: [variant(2, 2500, 'l', 0)],
    categories: [
      { obj: { name: { en: 'Coats' }, ancestors: [{ obj: { name: { en: 'Clothes' } } }] } },
      { obj: { name: { en: 'Clothes' } } },
    ],
  };

  it('has the general price, its stock, categories and page', () => {
    const settings = {
      productUrl: 'https://shop.example/{slug}-{sku}',
      variantAttributes: ['size'],
      locale: 'de',
    };
    expect(statesOf('products', product, settings)[0]).toMatchObject({
      sku: 'S1',
      description: 'Warm and dry',
      brand: 'Acme',
      categories: ['Clothes', 'Coats'],
      currency: 'EUR',
      price: 2500,
      salePrice: 2400,
      stock: 6,
      url: 'https://shop.example/product_slug_jxeutnxwkswk-S1',
      images: ['https://img.example/1.jpg', 'https://img.example/2.jpg'],
      variants: [
        { id: '1', name: 'M', price: 3000, attributes: { size: 'M', brand: 'Acme' } },
        { id: '2', name: 'L', price: 2500 },
      ],
    });
  });
});
