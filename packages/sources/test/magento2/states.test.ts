import { expect, it } from 'vitest';
import { contextOf, fixture, type Reply, statesOf, stream } from './support.ts';
import type { Loose } from '../loose.ts';

type Order = Readonly<Record<string, Loose>>;

/** Returns the states of an order, with its credit memos and shipments. */
async function orderOf(order: Order, settings: Readonly<Record<string, unknown>> = {}): Promise<Loose> {
  const answers: Readonly<Record<string, unknown>> = {
    orders: { items: [order], total_count: 1 },
    creditmemos: fixture('creditmemos.search'),
    shipments: fixture('shipments.search'),
  };
  const { context } = contextOf(
    (_call, path): Reply => (answers[path] ? { body: answers[path] } : undefined),
    settings,
  );
  const [state] = await statesOf('orders', context);
  return state;
}

it('an order has the lines that customers see: configurable products and bundles count once', async () => {
  const order = await orderOf(fixture('order.placed'));
  expect(order).toMatchObject({
    kind: 'order',
    id: '3',
    number: '000000003',
    status: 'placed',
    placedAt: '2026-11-21T13:02:25Z',
    customer: { id: '1', email: 'jane@example.com', phone: '(512) 555-0100' },
    currency: 'USD',
    subtotal: 7335,
    discount: 815,
    shipping: 2000,
    tax: 0,
    total: 9335,
    coupons: ['SPRING10'],
    cartId: '5',
    store: { id: 'default', name: 'Default Store View', channel: 'Main Website', locale: 'en-US' },
  });
  expect(order.lines).toMatchObject([
    { id: '5', productId: '1', sku: 'MUG-BLUE', quantity: 1, price: 1250, total: 1125, discount: 125 },
    { id: '6', productId: '4', variantId: '2', variant: 'TEE-S', quantity: 2, total: 3960, discount: 440 },
    { id: '8', productId: '5', sku: 'SET-MUG-BLUE', quantity: 1, price: 2500, total: 2250, discount: 250 },
  ]);
  const sum = order.lines.reduce((all: number, line: { total: number }) => all + line.total, 0);
  expect(sum).toBe(order.subtotal);
  expect(order.subtotal + order.shipping + order.tax).toBe(order.total);
});

it('each credit memo is a refund with its own id and amount, and a shipment has the late tracking number', async () => {
  const order = await orderOf(fixture('order.after-refunds'));
  expect(order.refunds).toMatchObject([
    {
      id: '1',
      at: '2026-11-21T13:02:35Z',
      amount: 1980,
      lines: [{ lineId: '6', quantity: 1, amount: 1980 }],
    },
    {
      id: '2',
      at: '2026-11-21T13:02:37Z',
      amount: 2080,
      lines: [{ lineId: '6', quantity: 1, amount: 1980 }],
    },
  ]);
  expect(order.shipments).toMatchObject([
    {
      id: '2',
      at: '2026-11-21T13:02:30Z',
      carrier: 'ups',
      trackingNumbers: ['1Z12345E0205271688'],
      trackingUrl: 'https://www.ups.com/track?tracknum=1Z12345E0205271688',
      lines: [{ lineId: '5', quantity: 1 }, { lineId: '6' }, { lineId: '8' }],
    },
  ]);
});

it('an order is in the currency of the customer, with its total in that of the books', async () => {
  const order = await orderOf(fixture('order.eur-base-usd'));
  expect(order).toMatchObject({ currency: 'EUR', total: 4376, baseCurrency: 'USD', baseTotal: 5250 });
  expect(order.lines).toMatchObject([{ price: 1042, total: 3126 }]);
});

it('a currency without decimals has whole amounts', async () => {
  const order = fixture('order.guest');
  const items = [{ ...order.items[0], price: 1250, row_total: 3750 }];
  const jpy = { ...order, order_currency_code: 'JPY', grand_total: 5250, subtotal: 3750, items };
  expect(await orderOf(jpy)).toMatchObject({ total: 5250, lines: [{ price: 1250, total: 3750 }] });
});

it('discounts on prices with tax: their tax is added back, so that the parts add up', async () => {
  // 2 x 11.90 with 19 % tax, 10 % off: 2.38 with tax, 2.00 without; shipping 5.00 without tax.
  const order = fixture('order.guest');
  const item = { ...order.items[0], qty_ordered: 2, price: 10, tax_amount: 3.42 };
  const taxed = {
    ...order,
    subtotal: 20,
    discount_amount: -2.38,
    discount_tax_compensation_amount: 0.38,
    shipping_amount: 5,
    tax_amount: 4.37,
    grand_total: 27.37,
    items: [{ ...item, row_total: 20, discount_amount: 2.38, discount_tax_compensation_amount: 0.38 }],
  };
  const state = await orderOf(taxed);
  expect(state).toMatchObject({ subtotal: 1800, discount: 200, shipping: 500, tax: 437, total: 2737 });
  expect(state.lines).toMatchObject([{ total: 1800, discount: 200, tax: 342 }]);
  // Since 2.4.6 `row_total` is after the discount.
  const newer = { ...taxed, items: [{ ...taxed.items[0], row_total: 17.62 }] };
  expect((await orderOf(newer)).lines).toEqual(state.lines);
});

it('guests have an e-mail address and no account', async () => {
  const { customer } = await orderOf(fixture('order.guest'));
  expect(customer).toEqual({
    email: 'guest@example.com',
    phone: '(512) 555-0100',
    firstName: 'Jane',
    lastName: 'Doe',
  });
});

it.each([
  ['placed', {}, { state: 'new' }],
  ['open', {}, { state: 'pending_payment' }],
  ['open', {}, { state: 'payment_review' }],
  ['open', {}, { state: 'holded', hold_before_state: 'pending_payment' }],
  ['placed', {}, { state: 'holded', hold_before_state: 'processing' }],
  ['open', { completeOn: 'paid' }, { state: 'new' }],
  ['placed', { completeOn: 'paid' }, { state: 'processing', total_paid: 52.5 }],
  // A partial refund brings the state back to new.
  ['placed', { completeOn: 'paid' }, { state: 'new', total_paid: 52.5 }],
  ['placed', {}, { state: 'closed', total_paid: 52.5 }],
] as const)('an order is %s with the settings %o in the state %o', async (status, settings, state) => {
  expect(await orderOf({ ...fixture('order.guest'), ...state }, settings)).toMatchObject({ status });
});

it('a cancelled order was an order, unless its payment was never made', async () => {
  const order = fixture('order.cancelled');
  expect(await orderOf(order)).toMatchObject({
    status: 'cancelled',
    placedAt: '2026-11-21T13:02:26Z',
    cancelledAt: expect.stringContaining('2026-11-21T13:0') as string,
  });
  const status_histories = [{ status: 'pending_payment', created_at: '2026-11-21 13:02:26' }];
  expect(await orderOf({ ...order, status_histories })).not.toHaveProperty('placedAt');
});

it('an edit cancels an order and creates another one: both are marked', async () => {
  const order = fixture('order.guest');
  expect(await orderOf({ ...order, relation_parent_id: '3' })).toMatchObject({ replaces: '3' });
  expect(await orderOf({ ...order, relation_child_id: '9' })).toMatchObject({ replacedBy: '9' });
});

it('data of modules on orders is read where it is named, and is the attribution', async () => {
  const extension_attributes = { utm_source: 'iterable', iterable_campaign_id: 7, secret: 'x' };
  const orderAttributes = ['utm_source', 'iterable_campaign_id'];
  const order = await orderOf({ ...fixture('order.guest'), extension_attributes }, { orderAttributes });
  expect(order.attribution).toEqual({ source: 'iterable', campaignId: '7' });
  expect(order.custom).toEqual({ utm_source: 'iterable', iterable_campaign_id: 7 });
});

it('only the method of a payment is requested and reported', async () => {
  const { context, calls } = contextOf((_call, path): Reply =>
    path === 'orders' ? { body: { items: [fixture('order.placed')], total_count: 1 } } : undefined,
  );
  const states = await statesOf('orders', context);
  const asked = calls.map(({ query }) => JSON.stringify(query)).join();
  expect(asked).toContain('payment[method]');
  expect(asked).not.toMatch(/cc_|additional_information|remote_ip|protect_code/);
  expect(JSON.stringify(states)).not.toContain('ff3784ece79bb');
});

it('a shipment reports its order, so that a late tracking number is seen', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    orders: { items: [fixture('order.after-refunds')], total_count: 1 },
    creditmemos: fixture('creditmemos.search'),
    shipments: fixture('shipments.search'),
  };
  const { context } = contextOf((_call, path): Reply =>
    answers[path] ? { body: answers[path] } : undefined,
  );
  const [state, ...others] = await statesOf('shipments', context);
  expect(state).toEqual(await orderOf(fixture('order.after-refunds')));
  // The order of the other shipment was deleted.
  expect(others).toEqual([]);
});

it('a cart has its totals, and the products of its SKUs', async () => {
  const cart = fixture('cart.active.customer');
  const products = fixture('products.search');
  const { context, calls } = contextOf((_call, path): Reply => {
    if (path === 'carts/search') return { body: { items: [cart], total_count: 1 } };
    if (path === 'carts/5/totals') return { body: fixture('cart.totals') };
    return path === 'products' ? { body: products } : undefined;
  });
  const [state] = await statesOf('carts', context);
  expect(state).toMatchObject({
    kind: 'cart',
    id: '5',
    status: 'active',
    updatedAt: '2026-11-21T13:02:24Z',
    customer: { id: '1', email: 'jane@example.com' },
    currency: 'USD',
    subtotal: 7335,
    discount: 815,
    total: 7335,
    coupons: ['SPRING10'],
    url: 'http://127.0.0.1:18080/checkout/cart',
    lines: [
      { productId: '1', sku: 'MUG-BLUE', price: 1250, total: 1125 },
      { productId: '4', variantId: '2', sku: 'TEE-S', variant: 'S', quantity: 2, total: 3960 },
      { productId: '5', sku: 'SET-MUG-BLUE', total: 2250, discount: 250 },
    ],
  });
  expect(state).not.toHaveProperty('checkoutAt');
  await statesOf('carts', context);
  // Products are read once, totals each time.
  expect(calls.filter(({ url }) => url.endsWith('/products'))).toHaveLength(2);
  expect(calls.filter(({ url }) => url.endsWith('/totals'))).toHaveLength(2);
});

it('carts of guests count from their e-mail address on; ordered and merged ones are over', async () => {
  const found = fixture('carts.search.guest-with-email');
  const { context, calls } = contextOf((_call, path): Reply =>
    path === 'carts/search' ? { body: found } : undefined,
  );
  const states = await statesOf('carts', context);
  expect(states.map(({ customer, checkoutAt }) => [customer.email, checkoutAt])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    ['guest@example.com', '2026-11-21T13:02:26Z'],
  ]);
  expect(calls.filter(({ url }) => url.endsWith('/totals'))).toHaveLength(1);
  const states2 = [
    fixture('cart.after-order'),
    { ...fixture('cart.after-order'), reserved_order_id: null },
  ].map((cart) => stream('carts').states({ cart, catalog: {} }, context)[0]);
  expect(states2).toMatchObject([{ status: 'ordered' }, { status: 'gone' }]);
});

it('a customer includes the newsletter, equally in both streams', async () => {
  const found = fixture('customers.search');
  const custom_attributes = [
    { attribute_code: 'loyalty_tier', value: 'gold' },
    { attribute_code: 'secret', value: 'x' },
  ];
  const [row] = found.items;
  const customer = { ...row, dob: '1990-05-01', gender: 2, custom_attributes };
  const { context } = contextOf(
    (_call, path): Reply => {
      if (path === 'customers/search') return { body: { items: [customer], total_count: 1 } };
      const groups = { items: [{ id: 1, code: 'General' }], total_count: 1 };
      return path === 'customerGroups/search' ? { body: groups } : undefined;
    },
    { customerAttributes: ['loyalty_tier'] },
  );
  const [state, consent] = await statesOf('customers', context);
  expect(state).toMatchObject({
    kind: 'customer',
    id: '1',
    email: 'jane@example.com',
    phone: '(512) 555-0100',
    birthday: '1990-05-01',
    gender: 'female',
    group: 'General',
    address: { street: '1 Main St', city: 'Austin', postalCode: '78701', country: 'US' },
    custom: { loyalty_tier: 'gold' },
  });
  expect(state.custom).toEqual({ loyalty_tier: 'gold' });
  expect(consent).toMatchObject({ kind: 'consent', id: '1 email', channel: 'email', state: 'subscribed' });
  expect(await statesOf('newsletter', context)).toEqual([consent]);
});

it('products have variants, categories, a brand and a page; variants alone are not products', async () => {
  const found = fixture('products.search');
  const [, teeS, teeM, tee] = found.items as Order[];
  const extra = [
    { attribute_code: 'image', value: '/t/e/tee.jpg' },
    { attribute_code: 'manufacturer', value: '12' },
    { attribute_code: 'special_price', value: '18.0000' },
    { attribute_code: 'special_to_date', value: '2026-11-20 00:00:00' },
    { attribute_code: 'description', value: '<p>Soft &amp; light.</p>' },
  ];
  const shown = {
    ...tee!,
    custom_attributes: [...tee!['custom_attributes'], ...extra],
    extension_attributes: { ...tee!['extension_attributes'], category_links: [{ category_id: '4' }] },
    media_gallery_entries: [{ file: '/t/e/tee.jpg', disabled: false }],
  };
  const hidden = { ...teeS!, visibility: 1 };
  const categories = [
    { id: 1, name: 'Root', level: 0, path: '1' },
    { id: 2, name: 'Default', level: 1, path: '1/2' },
    { id: 3, name: 'Women', level: 2, path: '1/2/3' },
    { id: 4, name: 'Tops', level: 3, path: '1/2/3/4' },
  ];
  const { context } = contextOf((call, path): Reply => {
    if (path === 'categories/list') return { body: { items: categories, total_count: 4 } };
    if (path.endsWith('/options')) return { body: [{ value: '12', label: 'Acme' }] };
    if (path !== 'products') return undefined;
    const children = Object.values(call.query!).includes('in');
    return { body: { items: children ? [teeS, { ...teeM!, price: 20 }] : [shown, hidden], total_count: 2 } };
  });
  const states = await statesOf('products', context);
  expect(states).toHaveLength(1);
  expect(states[0]).toMatchObject({
    kind: 'product',
    id: '4',
    sku: 'TEE',
    name: 'Radiant Tee',
    description: 'Soft & light.',
    status: 'active',
    url: 'http://127.0.0.1:18080/radiant-tee.html',
    imageUrl: 'http://127.0.0.1:18080/media/catalog/product/t/e/tee.jpg',
    brand: 'Acme',
    categories: ['Women', 'Tops'],
    currency: 'USD',
    price: 2000,
    variants: [
      { id: '2', sku: 'TEE-S', price: 2200 },
      { id: '3', price: 2000 },
    ],
  });
  // The sale is over.
  expect(states[0]).not.toHaveProperty('salePrice');
});

it('pictures have the requested size; a placeholder of the theme is not a picture', async () => {
  const [mug, , , tee] = fixture('products.search').items as Order[];
  const picture = (id: number, url: string) => ({
    id,
    images: [
      { code: 'small', url: 'x' },
      { code: 'grid', url },
    ],
  });
  const items = [
    picture(1, 'https://shop.example/media/cache/1/mug.jpg'),
    picture(4, 'https://shop.example/static/images/product/placeholder/image.jpg'),
  ];
  const { context, calls } = contextOf(
    (_call, path): Reply => {
      if (path === 'products-render-info') return { body: { items } };
      return path === 'products' ? { body: { items: [mug, tee], total_count: 2 } } : undefined;
    },
    { imageCode: 'grid' },
  );
  const states = await statesOf('products', context);
  expect(states.map(({ imageUrl }) => imageUrl as unknown)).toEqual([items[0]!.images[1]!.url, undefined]);
  const { query } = calls.find(({ url }) => url.endsWith('render-info'))!;
  expect(query).toMatchObject({ storeId: '1', currencyCode: 'USD' });
});
