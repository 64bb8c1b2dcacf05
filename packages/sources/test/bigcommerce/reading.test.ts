import { describe, expect, it } from 'vitest';
import type { RowQuery, ShopFailure } from '@waybill/core';
import { createTestShop, fakeClock } from '@waybill/testing';
import { cart, checkout, customer, order, product, refund, shipment, subscriber } from './rows.ts';
import { bigcommerce, contextOf, NOW, type Reply, SETTINGS, streams } from './shop.ts';

const query: RowQuery = { by: 'changed', skip: 0, limit: 100 };
const page = (rows: readonly unknown[]): Reply => ({
  body: { data: rows, meta: { pagination: { total: rows.length } } },
});

describe('a page of orders', () => {
  it('begins with the last second of the previous page', async () => {
    const { context, calls } = contextOf((path) => (path === 'v2/orders' ? { status: 204 } : undefined));
    const asked = {
      ...query,
      since: '2026-03-01T10:00:00.500Z',
      until: '2026-03-02T00:00:00.000Z',
      skip: 20,
      limit: 10,
    };
    expect(await streams['orders']!.page!(asked, context)).toEqual({ rows: [], more: false });
    expect(calls.map(({ query: sent }) => sent)).toEqual([
      expect.objectContaining({
        min_date_modified: '2026-03-01T10:00:00Z',
        max_date_modified: '2026-03-02T00:00:00Z',
        sort: 'date_modified:asc',
        page: '3',
        limit: '10',
      }),
    ]);
  });

  it('requests the parts of an order only where it has some', async () => {
    const shipped = { ...order, id: 251, items_shipped: 1, coupon_discount: '0.0000' };
    const { context, calls } = contextOf((path) => {
      if (path === 'v2/orders') return { body: [order, shipped] };
      if (path === 'v3/orders/payment_actions/refunds') return page([refund]);
      if (path === 'v2/orders/250/coupons') return { body: [{ code: 'TEN' }] };
      if (path === 'v2/orders/251/shipments') return { body: [shipment] };
      if (path === 'v3/channels/2') return { body: { data: { id: 2, name: 'Berlin', type: 'storefront' } } };
      if (path === 'v3/channels/2/site') return { body: { data: { url: 'https://shop.example/' } } };
      return undefined;
    });
    const bare = await streams['orders']!.page!(query, context);
    expect(bare).toMatchObject({ rows: [{ refunds: [] }, { shipments: [] }] });
    expect(calls.map(({ path }) => path)).toEqual(['v2/orders']);
    const found = await streams['orders']!.complete!('failure' in bare ? [] : bare.rows, context);
    expect(found).toMatchObject([
      {
        coupons: [{ code: 'TEN' }],
        shipments: [],
        refunds: [{ id: 12 }],
        channel: { url: 'https://shop.example' },
      },
      { coupons: [], shipments: [{ id: 16 }], refunds: [] },
    ]);
    expect(calls.map(({ path }) => path).sort()).toEqual([
      'v2/orders',
      'v2/orders/250/coupons',
      'v2/orders/251/shipments',
      'v3/channels/2',
      'v3/channels/2/site',
      'v3/orders/payment_actions/refunds',
      'v3/settings/store/locale',
    ]);
    expect(calls[0]!.call.headers).toMatchObject({ 'x-auth-token': 'token-of-the-store' });
  });
});

describe('other streams', () => {
  it('reads a refund with its order', async () => {
    const { context } = contextOf((path) => {
      if (path === 'v3/orders/payment_actions/refunds') return page([refund]);
      return path === 'v2/orders/250' ? { body: { ...order, coupon_discount: '0' } } : undefined;
    });
    const found = await streams['refunds']!.page!(query, context);
    const [row] = 'failure' in found ? [] : found.rows;
    expect(streams['refunds']!.keyOf(row, 'changed')).toEqual({ id: '12', at: '2026-03-09T16:44:15.000Z' });
    expect(streams['refunds']!.states(row, context)).toMatchObject([
      { kind: 'order', refunds: [{ id: '12' }] },
    ]);
  });

  it('sets a refund without an order aside, and continues', async () => {
    const made = { ...refund, created: '2025-12-31T23:50:00+00:00' };
    const { order_id: _none, ...nameless } = made;
    const shop = createTestShop(bigcommerce, {
      settings: SETTINGS,
      clock: fakeClock(NOW),
      answers({ url }) {
        const { pathname, searchParams } = new URL(url);
        if (pathname.endsWith('/refunds') && searchParams.has('order_id:in'))
          return { json: { data: [made] } };
        if (pathname.endsWith('/refunds')) return { json: { data: [{ ...nameless, id: 11 }, made] } };
        return { json: pathname.endsWith('/orders/250') ? { ...order, coupon_discount: '0' } : { data: [] } };
      },
    });
    const events = await shop.sync();
    expect(events.map(({ event }) => event)).toContain('Order Refunded');
    expect(shop.asides()).toMatchObject([
      { stream: 'refunds', row: '11', message: 'The row has no order_id.' },
    ]);
    await shop.stop();
  });

  it('reads subscribers in the order of time, though the API sorts them by id', async () => {
    const rows = [3, 1, 2].map((minute, id) => ({
      ...subscriber,
      id: id + 1,
      date_modified: `2026-03-01T10:0${minute}:00Z`,
    }));
    const { context } = contextOf((path) => (path === 'v3/customers/subscribers' ? page(rows) : undefined));
    const first = await streams['subscribers']!.page!({ ...query, limit: 2 }, context);
    const keys =
      'failure' in first ? [] : first.rows.map((row) => streams['subscribers']!.keyOf(row, 'changed'));
    expect(keys.map(({ id }) => id)).toEqual(['2', '3']);
    const second = await streams['subscribers']!.page!({ ...query, limit: 2, after: keys[1]! }, context);
    expect(second).toMatchObject({ rows: [{ subscriber: { id: 1 } }], more: false });
  });

  it('names groups, attributes, categories and brands, and continues where it has no permission', async () => {
    const named = contextOf(
      (path) => {
        if (path === 'v3/customers') return page([customer]);
        if (path === 'v2/customer_groups') return { body: [{ id: 2, name: 'Wholesale' }] };
        if (path === 'v3/customers/attributes') return page([{ id: 7, name: 'Tier' }]);
        if (path === 'v3/catalog/products') return page([product]);
        if (path === 'v3/catalog/categories')
          return page([
            { id: 23, parent_id: 20, name: 'Cups' },
            { id: 20, parent_id: 0, name: 'Kitchen' },
          ]);
        if (path === 'v3/catalog/brands') return page([{ id: 36, name: 'Pots' }]);
        if (path === 'v2/store') return { body: { currency: 'EUR', default_channel_id: 1 } };
        return undefined;
      },
      { customerFields: ['Tier'] },
    );
    expect(await streams['customers']!.page!(query, named.context)).toMatchObject({
      rows: [{ group: 'Wholesale', attributes: { Tier: 'gold' } }],
    });
    expect(await streams['products']!.page!(query, named.context)).toMatchObject({
      rows: [{ currency: 'EUR', categories: ['Kitchen', 'Cups'], brand: 'Pots' }],
    });
    const bare = contextOf((path) => (path === 'v3/customers' ? page([customer]) : { status: 403 }));
    expect(await streams['customers']!.page!(query, bare.context)).toMatchObject({ rows: [{ group: '2' }] });
  });

  it('waits for a name that cannot be read now: a row without it would differ', async () => {
    let fails = true;
    const { context } = contextOf((path) => {
      if (path === 'v3/customers') return page([customer]);
      if (path === 'v2/customer_groups')
        return fails ? { status: 503 } : { body: [{ id: 2, name: 'Wholesale' }] };
      return path === 'v3/catalog/products' ? page([product]) : undefined;
    });
    expect(await streams['customers']!.page!(query, context)).toMatchObject({
      failure: { status: 'retry', code: 'source_unavailable' },
    });
    fails = false;
    expect(await streams['customers']!.page!(query, context)).toMatchObject({
      rows: [{ group: 'Wholesale' }],
    });
    await expect(streams['products']!.page!(query, context)).rejects.toThrow('currency of the store');
  });

  it('reads a cart, the order from it, or its deletion', async () => {
    const of = (answers: Readonly<Record<string, unknown>>) =>
      contextOf((path) => (answers[path] === undefined ? undefined : { body: answers[path] })).context;
    const { get } = streams['carts']!;
    const active = of({
      [`v3/carts/${cart.id}`]: { data: cart },
      [`v3/checkouts/${cart.id}`]: { data: checkout },
    });
    expect(await get!(cart.id, active)).toMatchObject({
      row: { cart: { id: cart.id }, checkout: { grand_total: 2970 } },
    });
    expect(await get!(cart.id, of({ 'v2/orders': [order] }))).toMatchObject({
      row: { ordered: { order: { id: 250 } } },
    });
    expect(await get!(cart.id, of({}))).toBe('gone');
    const abandoned = of({
      'v3/abandoned-carts/t-1': { data: { cart_id: cart.id } },
      [`v3/carts/${cart.id}`]: { data: cart },
    });
    expect(await streams['abandonedCarts']!.get!('t-1', abandoned)).toMatchObject({
      row: { isAbandoned: true },
    });
    expect(await streams['abandonedCarts']!.get!('t-2', abandoned)).toBe('gone');
  });

  it('skips pages of products of other times', async () => {
    const rows = Array.from({ length: 6 }, (_, at) => ({
      ...product,
      id: at + 1,
      date_created: `2026-01-0${at + 1}T00:00:00Z`,
    }));
    const { context } = contextOf((path, asked) => {
      if (path === 'v2/store') return { body: { currency: 'EUR' } };
      if (path !== 'v3/catalog/products') return undefined;
      const rest = rows.filter(({ id }) => id > Number(asked['id:greater'] ?? 0));
      return page(rest.slice(0, Number(asked['limit'])));
    });
    const found = await streams['products']!.page!(
      { by: 'created', since: '2026-01-05T00:00:00Z', skip: 0, limit: 2 },
      context,
    );
    expect(found).toMatchObject({ rows: [{ product: { id: 5 } }, { product: { id: 6 } }] });
  });
});

describe('a call that fails', () => {
  it.each<readonly [Reply, object]>([
    [
      { status: 401, body: { status: 401, title: 'Unauthorized' } },
      { status: 'rejected', code: 'source_unauthorized' },
    ],
    [
      { status: 403, body: [{ status: 403, message: 'No' }] },
      { status: 'rejected', code: 'source_forbidden' },
    ],
    [
      { status: 404, body: '<html>Not Found</html>' },
      { status: 'rejected', code: 'source_not_found' },
    ],
    [
      { status: 200, body: '<html>Maintenance</html>' },
      { status: 'retry', code: 'source_unreadable_answer' },
    ],
    [
      { status: 422, body: { title: 'Bad filter' } },
      { status: 'rejected', code: 'source_rejected' },
    ],
    [
      { status: 503, body: '<html>', headers: { 'retry-after': '7' } },
      { status: 'retry', code: 'source_unavailable', afterMs: 7000 },
    ],
    [{ status: 429 }, { status: 'retry', code: 'source_rate_limited' }],
    [
      {
        status: 429,
        headers: {
          'X-Retry-After': '3',
          'X-Rate-Limit-Requests-Left': '0',
          'X-Rate-Limit-Time-Reset-Ms': '15000',
        },
      },
      { status: 'retry', code: 'source_rate_limited', afterMs: 15_000 },
    ],
  ])('with %j', async (reply, expected) => {
    const { context } = contextOf(() => reply);
    const found = (await streams['orders']!.page!(query, context)) as ShopFailure;
    expect(found.failure).toMatchObject(expected);
    expect(found.failure.message).not.toContain('token-of-the-store');
  });

  it('names the missing permission, and the unknown store', async () => {
    const lacks = contextOf((path) =>
      path.startsWith('v3/customers/subscribers') ? { status: 403 } : page([]),
    );
    const check = bigcommerce.testConnection!;
    expect(await check(lacks.context)).toMatchObject({
      ok: false,
      issue: {
        code: 'source_forbidden',
        path: 'accessToken',
        message: expect.stringContaining('"Marketing: read-only"') as string,
      },
    });
    const unknown = contextOf(() => ({ status: 404, body: 'Not found' }));
    expect(await check(unknown.context)).toMatchObject({
      ok: false,
      issue: {
        code: 'source_not_found',
        path: 'storeHash',
        message: expect.stringContaining('abc123') as string,
      },
    });
    const well = contextOf((path) =>
      path.includes('carts/') || path.includes('checkouts/') ? undefined : page([]),
    );
    expect(await check(well.context)).toMatchObject({ ok: true });
  });

  it('reports the remaining quota', () => {
    const headers = { 'x-rate-limit-requests-left': '6', 'x-rate-limit-time-reset-ms': '3000' };
    expect(bigcommerce.shop!.limits.left!(headers)).toEqual({ calls: 6, resetMs: 3000 });
    expect(bigcommerce.shop!.limits.left!({})).toBeUndefined();
  });
});

describe('subscribing', () => {
  it('creates missing hooks, and enables disabled ones', async () => {
    const address = 'https://waybill.example/sources/shop/webhook';
    const hooks: Record<string, unknown>[] = [];
    const reply = (path: string, _query: unknown, call: { method?: string; json?: unknown }): Reply => {
      if (call.method === 'POST') hooks.push({ id: hooks.length + 1, ...(call.json as object) });
      if (call.method === 'PUT') Object.assign(hooks[Number(path.split('/').at(-1)) - 1]!, call.json);
      return page(hooks);
    };
    const { context } = contextOf(reply);
    const first = await bigcommerce.shop!.subscribe!(address, context);
    expect(first).toMatchObject({ message: expect.stringContaining('7 created') as string });
    hooks[2]!['is_active'] = false;
    const second = await bigcommerce.shop!.subscribe!(address, context);
    expect(second).toMatchObject({
      message: expect.stringContaining('6 unchanged, 0 created, 1 enabled') as string,
    });
    expect(hooks).toHaveLength(7);
    expect(hooks.every((hook) => hook['is_active'] === true)).toBe(true);
  });
});
