import { describe, expect, it } from 'vitest';
import type { RowQuery, ShopFailure } from '@waybill/core';
import { autoOrder, cart, customer, item, order, rebill, review } from './rows.ts';
import { contextOf, type Reply, streams, ultracart } from './shop.ts';

const query: RowQuery = { by: 'changed', since: '2026-01-01T00:00:00Z', skip: 0, limit: 200 };

/** A page of a list. */
function listed(name: string, rows: readonly unknown[], total = rows.length): Reply {
  const set = { count: rows.length, total_records: total, more: total > rows.length };
  return { body: { [name]: rows, success: true, metadata: { result_set: set } } };
}

describe('calls', () => {
  it('have the key and the version of the API', async () => {
    const { context, calls } = contextOf(() => listed('customers', [customer]));
    await streams['customers']!.page!(query, context);
    expect(calls[0]!.call.headers).toMatchObject({
      'x-ultracart-simple-key': 'key-of-the-merchant',
      'x-ultracart-api-version': '2017-03-01',
    });
  });

  it.each([
    [{ status: 401, body: {} }, 'source_unauthorized', 'apiKey'],
    [
      { status: 401, body: { error: { user_message: 'Missing permission customer_read' } } },
      'source_forbidden',
      'customer_read',
    ],
    [{ status: 410, body: {} }, 'source_unauthorized', 'disabled'],
    [{ status: 503, body: '<html>' }, 'source_unavailable', '503'],
    [{ status: 200, body: '<html>' }, 'source_unreadable_answer', 'JSON'],
    [{ body: { success: false, error: { user_message: 'Bad _sort' } } }, 'source_rejected', 'Bad _sort'],
  ])('that fail with %j say %s', async (reply, code, words) => {
    const { context } = contextOf(() => reply);
    const { failure } = (await streams['customers']!.page!(query, context)) as ShopFailure;
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('key-of-the-merchant');
  });

  it('beyond a limit are repeated when the named limit has room', async () => {
    const words = (calls: number, seconds: number) => `rate of ${calls} per ${seconds} second(s) exceeded.`;
    const hourly = { status: 429, headers: { 'UC-REST-ERROR': words(1_000, 3_600) } };
    const { context } = contextOf(() => hourly);
    const page = (await streams['customers']!.page!(query, context)) as ShopFailure;
    expect(page.failure).toMatchObject({ code: 'source_rate_limited', afterMs: 300_000 });
    const { left } = ultracart.shop!.limits;
    expect(left!({ 'uc-rest-error': words(10_000, 86_400) })).toEqual({ calls: 0, resetMs: 7_200_000 });
    expect(left!({})).toBeUndefined();
  });
});

describe('orders', () => {
  it('are requested by each of their times, with the requested parts', async () => {
    const { context, calls } = contextOf(() => listed('orders', [rebill]));
    for (const name of ['orders', 'payments', 'shipments', 'refunds']) {
      const found = await streams[name]!.page!({ ...query, until: '2026-03-01T00:00:00Z' }, context);
      expect(found).toMatchObject({ rows: [rebill], more: false });
    }
    expect(calls.map(({ json }) => Object.keys(json)[0])).toEqual([
      'creation_date_begin',
      'payment_date_begin',
      'shipped_on_date_begin',
      'refund_date_begin',
    ]);
    expect(calls[3]!.query).toMatchObject({ _limit: '200', _offset: '0', _sort: 'refund_dts' });
    expect(calls[0]!.query['_expand']).toContain('shipping.tracking_number_details');
    expect(streams['refunds']!.keyOf(rebill, 'changed')).toEqual({
      id: rebill.order_id,
      at: '2026-02-06T15:00:00.000Z',
    });
  });

  it('are read by a back-fill once', async () => {
    const { context, calls } = contextOf(() => listed('orders', [order]));
    expect(await streams['refunds']!.page!({ ...query, by: 'created' }, context)).toEqual({
      rows: [],
      more: false,
    });
    expect(calls).toEqual([]);
  });

  it('of several hints are read by one call', async () => {
    const { context, calls } = contextOf(({ path, json }) =>
      path === 'order/orders/batch'
        ? listed(
            'orders',
            [order, rebill].filter((one) => (json['order_ids'] as string[]).includes(one.order_id)),
          )
        : undefined,
    );
    const { get } = streams['orders']!;
    const ids = [order.order_id, rebill.order_id, 'DEMO-0'];
    expect(await Promise.all(ids.map((id) => get!(id, context)))).toEqual([
      { row: order },
      { row: rebill },
      'gone',
    ]);
    expect(await get!(order.order_id, context)).toEqual({ row: order });
    expect(calls.map(({ json }) => json['order_ids'])).toEqual([ids, [order.order_id]]);
  });

  it('are counted by UltraCart', async () => {
    const { context } = contextOf(() => listed('orders', [order], 4_211));
    expect(await streams['orders']!.count!({ by: 'created' }, context)).toEqual({ count: 4_211 });
  });
});

describe('other things', () => {
  it('are gone when UltraCart has deleted them', async () => {
    const { context } = contextOf(() => undefined);
    for (const name of ['customers', 'products', 'autoOrders', 'carts'])
      expect(await streams[name]!.get!('1', context)).toBe('gone');
  });

  it('auto orders include their first order, in the order of their last change', async () => {
    const older = {
      ...autoOrder,
      auto_order_oid: 1,
      rebill_orders: [],
      items: [],
      original_order_id: rebill.order_id,
    };
    const { context, calls } = contextOf(({ path }) =>
      path === 'order/orders/batch'
        ? listed('orders', [order, { ...rebill, creation_dts: '2026-01-02T00:00:00Z' }])
        : listed('auto_orders', [autoOrder, older]),
    );
    const found = await streams['autoOrders']!.page!({ ...query, limit: 1 }, context);
    expect(found).toMatchObject({ rows: [{ autoOrder: { auto_order_oid: 1 } }], more: true });
    expect(await streams['autoOrders']!.page!({ ...query, skip: 1, limit: 1 }, context)).toMatchObject({
      rows: [{ autoOrder: { auto_order_oid: 4411 }, order: { order_id: order.order_id } }],
      more: false,
    });
    expect(calls[0]!.query['_since']).toBe(query.since);
  });

  it('reviews are requested where an item has some that it did not include', async () => {
    const { context, calls } = contextOf(({ path }) =>
      path === 'item/items'
        ? listed('items', [item, { ...item, reviews: { review_count: 0 } }])
        : listed('reviews', [review]),
    );
    const found = await streams['reviews']!.page!({ ...query, by: 'created' }, context);
    expect(found).toMatchObject({ rows: [{ reviews: [review] }, { reviews: [] }] });
    expect(calls.map(({ path }) => path)).toEqual(['item/items', 'item/items/2114/reviews']);
  });

  it('an item that was deleted since its page was read has no reviews, and blocks nothing', async () => {
    const { context } = contextOf(({ path }) =>
      path === 'item/items' ? listed('items', [item]) : undefined,
    );
    const found = await streams['reviews']!.page!({ ...query, by: 'created' }, context);
    expect(found).toMatchObject({ rows: [{ reviews: [] }] });
  });

  it('an unchanged cart that is reported again is abandoned once', async () => {
    let now = 1_000;
    let items: readonly unknown[] = cart.items;
    const { context } = contextOf(() => ({ body: { success: true, cart: { ...cart, items } } }));
    const moving = { ...context, now: () => (now += 1_000) };
    const at = async () => {
      const got = await streams['carts']!.get!(cart.cart_id, moving);
      return (got as { readonly row: { readonly abandonedAt: string } }).row.abandonedAt;
    };
    const first = await at();
    expect(await at()).toBe(first);
    items = [];
    expect(await at()).not.toBe(first);
  });
});

describe('the connection', () => {
  it('is tested with a call for each permission', async () => {
    const { context, calls } = contextOf(() => ({ body: { success: true } }));
    expect(await ultracart.testConnection!(context)).toMatchObject({ ok: true });
    expect(calls.map(({ path }) => path.split('/')[0])).toEqual([
      'order',
      'customer',
      'item',
      'auto_order',
      'checkout',
      'webhook',
    ]);
  });

  it('names every missing permission', async () => {
    const { context } = contextOf(({ path }) =>
      /^(?:item|webhook)/.test(path) ? { status: 403, body: {} } : { body: { success: true } },
    );
    const result = await ultracart.testConnection!(context);
    expect(result).toMatchObject({ ok: false, issue: { code: 'source_forbidden', path: 'apiKey' } });
    expect(JSON.stringify(result)).toMatch(/item_read.*webhook_read/);
  });
});
