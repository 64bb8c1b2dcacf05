import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox, type ShopSandboxOptions } from '@waybill/shop-sandboxes';
import { plain } from './plain.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function shopWith(options: Partial<ShopSandboxOptions> = {}): Promise<ShopSandbox> {
  const sandbox = await createShopSandbox({ platform: plain, start: 0, ...options });
  open.push(() => sandbox.close());
  return sandbox;
}

/** A webhook that records requests, and answers with the next of these statuses, then with 200. */
async function webhook(...statuses: number[]) {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      told.push(body);
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told };
}

async function post(url: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

describe('calls', () => {
  it('fail on request', async () => {
    const shop = await shopWith();
    const orders = `${shop.url}/orders`;
    shop.fail({
      calls: [
        { kind: 'status', status: 429, headers: { 'retry-after': '2' }, times: 1 },
        { kind: 'html', times: 1 },
        { kind: 'drop', times: 1 },
        { kind: 'half', times: 1 },
        { kind: 'status', status: 500, match: { path: '/other*' } },
      ],
    });
    const limited = await fetch(orders);
    expect([limited.status, limited.headers.get('retry-after'), await limited.json()]).toEqual([
      429,
      '2',
      { message: 'Plainly 429.' },
    ]);
    const page = await fetch(orders);
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    await expect(fetch(orders)).rejects.toThrow();
    await expect(fetch(orders).then((answer) => answer.text())).rejects.toThrow();
    expect((await fetch(orders)).status).toBe(200);
    expect((await fetch(`${shop.url}/other/1`)).status).toBe(500);
    expect(shop.stats().calls).toEqual({ 'in 0': 2, 'in 200': 1, 'in 429': 1, 'in 500': 1, 'in 503': 1 });
  });

  it('fail for a page with a broken row', async () => {
    const shop = await shopWith();
    await shop.play('guest-buys');
    const id = shop.day.cast.adasOrder!;
    shop.fail({ spoiled: [{ kind: 'order', id }] });
    const answer = await fetch(`${shop.url}/orders`);
    expect([answer.status, await answer.json()]).toEqual([500, { message: 'Plainly 500.' }]);
  });
});

describe('webhooks', () => {
  it('are called for every change, in order', async () => {
    const { url, told } = await webhook();
    const shop = await shopWith({ webhookUrl: url });
    expect(await shop.play('guest-buys')).toEqual(['guest-fills-cart', 'guest-buys']);
    expect(told.map((one) => (JSON.parse(one) as { what: string }).what)).toEqual([
      'created',
      'updated',
      'coupon',
      'checkout',
      'created',
      'ordered',
      'created',
    ]);
  });

  it('are called again when they fail', async () => {
    const { url, told } = await webhook(500, 503);
    const shop = await shopWith({ webhookUrl: url });
    shop.model.catalog.addGroup('One');
    await shop.settled();
    expect(shop.stats().webhooks).toMatchObject({ failed: 1, waiting: 1 });
    await shop.retryWebhooks();
    await shop.retryWebhooks();
    expect(told).toHaveLength(3);
    expect(new Set(told).size).toBe(1);
    expect(shop.stats().webhooks).toEqual({ delivered: 1, failed: 2, lost: 0, givenUp: 0, waiting: 0 });
  });

  it('are lost, duplicated and reordered', async () => {
    const { url, told } = await webhook();
    const shop = await shopWith({ webhookUrl: url, seed: 3 });
    const name = (at: number) => shop.model.catalog.addGroup(String(at)).id;
    const tell = async () => {
      const ids = Array.from({ length: 40 }, (_, at) => name(at));
      await shop.settled();
      const heard = told.splice(0).map((one) => (JSON.parse(one) as { id: number }).id);
      return { ids, heard };
    };
    shop.fail({ webhooks: { lost: 0.5 } });
    const { heard: some } = await tell();
    expect(some.length).toBeGreaterThan(5);
    expect(some.length).toBeLessThan(35);
    shop.fail({ webhooks: { duplicated: 0.5, reordered: 0.5 } });
    const { ids, heard } = await tell();
    expect(heard.length).toBeGreaterThan(40);
    expect([...new Set(heard)].sort((a, b) => a - b)).toEqual(ids);
    expect([...new Set(heard)]).not.toEqual(ids);
  });
});

it('is controlled from outside', async () => {
  const shop = await shopWith();
  const at = (name: string) => `${shop.url}/_sandbox/${name}`;
  expect(await post(at('play'), { step: 'guest-buys' })).toMatchObject({
    status: 200,
    body: { played: ['guest-fills-cart', 'guest-buys'] },
  });
  expect(await post(at('play'), { step: 'guest-buys' })).toMatchObject({ status: 400 });
  expect(await post(at('faults'), { call: [] })).toMatchObject({ status: 400 });
  expect(await post(at('faults'), { tokenCalls: 3 })).toEqual({ status: 200, body: { tokenCalls: 3 } });
  expect(await (await fetch(at('state'))).json()).toMatchObject({ order: [{ status: 'placed' }] });
  expect(await (await fetch(at('settings'))).json()).toEqual({ apiUrl: shop.url });
  await post(at('reset'), {});
  expect(await (await fetch(at('stats'))).json()).toMatchObject({ things: { order: 0, store: 2 } });
  expect((await fetch(at('nothing'))).status).toBe(404);
});
