import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox, type ShopSandboxOptions } from '@waybill/shop-sandboxes';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function storeWith(options: Partial<ShopSandboxOptions> = {}): Promise<ShopSandbox> {
  const sandbox = await createShopSandbox({
    platform: 'bigcommerce',
    start: Date.UTC(2026, 0, 5),
    ...options,
  });
  open.push(() => sandbox.close());
  return sandbox;
}

async function call(store: ShopSandbox, path: string, init: RequestInit = {}) {
  const { storeHash, accessToken } = store.settings as Readonly<Record<string, string>>;
  const headers = { 'x-auth-token': accessToken!, 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/stores/${storeHash}/${path}`, { headers, ...init });
  const text = await answer.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return {
    status: answer.status,
    headers: answer.headers,
    body: body as Record<string, unknown> & unknown[],
  };
}

describe('a store at BigCommerce', () => {
  it('has orders with consistent sums, with separate refunds, parcels and codes', async () => {
    const store = await storeWith();
    await store.play('refunded-twice');
    const { body } = await call(
      store,
      'v2/orders?include=consignments.line_items&consignment_structure=object',
    );
    const order = body[0] as Record<string, string> & { id: number };
    expect(order).toMatchObject({
      status: 'Partially Refunded',
      status_id: 14,
      items_shipped: 4,
      customer_id: 1,
    });
    const sum =
      Number(order['subtotal_inc_tax']) -
      Number(order['coupon_discount']) +
      Number(order['shipping_cost_inc_tax']);
    expect(sum).toBeCloseTo(Number(order['total_inc_tax']), 4);
    const refunds = await call(store, `v3/orders/payment_actions/refunds?order_id:in=${order.id}`);
    expect(refunds.body['data']).toHaveLength(2);
    expect((await call(store, `v2/orders/${order.id}/shipments`)).body).toHaveLength(2);
    expect((await call(store, `v2/orders/${order.id}/coupons`)).body).toMatchObject([{ code: 'WELCOME10' }]);
  });

  it('answers an empty list of version 2 with no content, and one of version 3 with a list', async () => {
    const store = await storeWith();
    expect(await call(store, 'v2/orders')).toMatchObject({ status: 204, body: undefined });
    expect(await call(store, 'v3/customers')).toMatchObject({ status: 200, body: { data: [] } });
  });

  it('refuses another token, another store, a page too large, and missing things', async () => {
    const store = await storeWith();
    expect(await call(store, 'v2/store', { headers: { 'x-auth-token': 'guessed' } })).toMatchObject({
      status: 401,
    });
    expect((await fetch(`${store.url}/stores/other/v2/store`)).status).toBe(404);
    expect(await call(store, 'v3/customers?limit=251')).toMatchObject({ status: 422 });
    expect(await call(store, 'v2/orders/99')).toMatchObject({ status: 404, body: [{ status: 404 }] });
    expect(await call(store, 'v3/carts/99')).toMatchObject({ status: 404, body: { title: 'Not Found' } });
  });

  it('limits the number of calls, and reports the rest', async () => {
    let now = 0;
    const store = await storeWith({ now: () => now });
    const first = await call(store, 'v2/store');
    expect(first.headers.get('x-rate-limit-requests-left')).toBe('149');
    for (let left = 149; left > 0; left--) await call(store, 'v2/store');
    const over = await call(store, 'v2/store');
    expect([over.status, over.headers.get('x-retry-after')]).toEqual([429, '30']);
    now = 30_000;
    expect(await call(store, 'v2/store')).toMatchObject({ status: 200 });
  });

  it('calls registered hooks, signed and with their headers', async () => {
    const told: { readonly headers: Record<string, unknown>; readonly body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        told.push({ headers: request.headers, body });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => new Promise((resolve) => server.close(() => resolve())));
    const store = await storeWith();
    const destination = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const hook = { scope: 'store/order/*', destination, headers: { 'x-own': 'yes' } };
    const made = await call(store, 'v3/hooks', { method: 'POST', body: JSON.stringify(hook) });
    expect(made.body).toMatchObject({ data: { id: 1, is_active: true } });
    await store.play('guest-buys');
    const scopes = told.map(({ body }) => (JSON.parse(body) as { scope: string }).scope);
    expect(scopes).toEqual(['store/order/created', 'store/order/statusUpdated']);
    const { headers, body } = told[0]!;
    expect(headers['x-own']).toBe('yes');
    const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const secret = String(store.settings['clientSecret']);
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', secret).update(text).digest('base64')}`,
    );
  });
});
