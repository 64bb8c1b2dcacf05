import type { ReconciliationAnswer } from '@waybill/api';
import { shopMappings } from '@waybill/destinations';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Order, Platform } from '@waybill/shop-sandboxes';
import type { Answer } from '../e2e/harness.ts';
import { type Connected, connect } from './connected.ts';

const DAY = 86_400_000;
/** Orders besides those of the day. */
const COUNT = 50;
const EACH = 5;

let one: Connected;
let orders: readonly Order[];
beforeAll(async () => {
  one = await opened('bigcommerce');
  orders = added(COUNT);
  await one.shop.settled();
  await one.read();
}, 60_000);
afterAll(() => one.close());

/** A shop whose day has been lived, with what is compared mapped. */
async function opened(platform: Platform): Promise<Connected> {
  const connected = await connect({ platform });
  const mappings = shopMappings.filter(({ id }) => ['customers', 'orders', 'refunds'].includes(id));
  await connected.harness.admin('destinations/iterable', { method: 'PATCH', body: { mappings } });
  await connected.shop.play('all');
  return connected;
}

/** Places more orders like one of the day. */
function added(count: number, { shop } = one): readonly Order[] {
  const { tables, orders: placing } = shop.model;
  const like = tables.order.all().find(({ status, currency, customerId }) => {
    return status === 'placed' && currency === 'EUR' && customerId !== undefined;
  })!;
  const { number: _number, cartId: _cart, ...content } = like;
  return Array.from({ length: count }, () => placing.add(content));
}

async function compared(more: object = {}, { harness } = one): Promise<ReconciliationAnswer> {
  const { admin } = harness;
  const body = { from: Date.now() - DAY, to: Date.now() + DAY, ...more };
  const begun = await admin('sources/shop/reconcile', { method: 'POST', body });
  expect(begun).toMatchObject({ status: 200, body: { state: 'running', destination: 'iterable' } });
  for (;;) {
    const { body: told } = await admin('sources/shop/reconcile');
    if (told.state !== 'running') return told as ReconciliationAnswer;
    await setTimeout(20);
  }
}

/** An export of Google Analytics of all orders. */
function exported(): string {
  const placed = one.shop.model.tables.order
    .all()
    .filter(({ placedAt, isTest }) => placedAt !== undefined && !isTest);
  const lines = placed.map(({ id, total, currency, placedAt }) => {
    const digits = currency === 'JPY' ? 0 : 2;
    const day = new Date(placedAt!).toISOString().slice(0, 10).replaceAll('-', '');
    return `${id},"${(total / 10 ** digits).toFixed(digits)}",${currency},${day}`;
  });
  return ['# Purchases', '', 'Transaction ID,Purchase revenue,Currency,Date', ...lines, ',1234.00,,'].join(
    '\r\n',
  );
}

it('finds nothing where everything has arrived, over a day of a shop', async () => {
  const { state, result, failure } = await compared({ ga4: exported(), timeZone: 'UTC' });
  expect(failure).toBeUndefined();
  expect(state).toBe('ended');
  expect(result).toMatchObject({
    columns: ['shop', 'log', 'destination', 'ga4'],
    differing: 0,
    differences: [],
  });
  expect(result!.orders).toBeGreaterThan(COUNT);
  const sums = (column: 'shop' | 'log' | 'ga4') => result!.days.map(({ sums: all }) => all[column]?.revenue);
  expect(sums('log')).toEqual(sums('shop'));
  expect(sums('ga4')).toEqual(sums('shop'));
});

it('finds every one of 50 faults, with its history, and nothing else', async () => {
  const { harness, shop } = one;
  const { model } = shop;
  const planted = new Map<string, string>();
  const take = (fault: string, at: number): readonly Order[] => {
    const some = orders.slice(at * EACH, (at + 1) * EACH);
    for (const { id } of some) planted.set(String(id), fault);
    return some;
  };
  const iterable = async (id: string, order: Order, more: object = {}): Promise<void> => {
    const body = {
      user: { userId: String(order.customerId) },
      items: [],
      total: order.total / 100,
      id,
      createdAt: Math.floor(order.placedAt! / 1_000),
      dataFields: { order_id: String(order.id), currency: 'EUR' },
      ...more,
    };
    const headers = { 'api-key': 'demo', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    expect((await fetch(`${harness.sandbox.url}/api/commerce/trackPurchase`, init)).status).toBe(200);
  };
  const faults = (rules: readonly object[]) =>
    fetch(`${harness.sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(rules) });
  const refuse = { kind: 'status', status: 400, body: { code: 'BadParams', msg: 'No.', params: null } };

  for (const order of [...take('doubled', 0), ...take('doubled', 1)])
    await iterable(`${order.id}-again`, order);
  for (const order of take('amount', 2))
    await iterable(String(order.id), order, { total: order.total / 100 + 1 });
  for (const order of [...take('currency', 3), ...take('currency', 4)])
    await iterable(String(order.id), order, { dataFields: { order_id: String(order.id), currency: 'USD' } });
  // Iterable refuses refunds, and then orders.
  await faults([{ match: { path: '/api/events/*' }, ...refuse }]);
  for (const { id, lines } of take('refunded', 5))
    model.fulfilment.refund(id, { lines: [{ lineId: lines[0]!.id, quantity: 1 }] });
  await shop.settled();
  await one.read();
  await faults([{ match: { path: '/api/commerce/*' }, ...refuse }]);
  for (const { id } of added(EACH)) planted.set(String(id), 'missing');
  await shop.settled();
  await one.read();
  await faults([]);
  // The webhooks of the shop are off.
  shop.fail({ webhooks: { lost: 1 } });
  for (const { id, lines } of take('amount', 6)) model.orders.edit(id, lines[0]!.id, lines[0]!.quantity + 1);
  for (const { id } of take('refunded', 7)) model.fulfilment.refund(id, { shipping: true, adjustment: 1 });
  for (const { id } of added(EACH)) planted.set(String(id), 'missing');

  const { result } = await compared();
  const found = result!.differences.map(({ order, faults: [first] }) => [order, first!.kind] as const);
  expect(planted.size).toBe(50);
  expect(new Map(found)).toEqual(planted);
  expect(result!.differing).toBe(50);
  const refused = result!.differences.filter(({ events }) =>
    events.some(({ outcomes }) => outcomes.some(({ deadLetterId }) => deadLetterId !== undefined)),
  );
  expect(refused.length).toBe(2 * EACH);
}, 30_000);

it.each<Platform>(['commercetools', 'magento2', 'ultracart'])(
  'finds nothing over a day of %s, and then every fault',
  async (platform) => {
    const other = await opened(platform);
    try {
      const { harness, shop } = other;
      const [like] = added(3, other);
      await shop.settled();
      await other.read();
      const calm = await compared({}, other);
      expect(calm).toMatchObject({ state: 'ended', result: { differing: 0, differences: [] } });
      const { purchases } = (await harness.iterable()) as Answer;
      const total = like!.total / 100;
      const alike = purchases.filter((purchase: Answer) => purchase.total === total);
      const record = async ({ id, userId, dataFields }: Answer, more: object): Promise<void> => {
        const createdAt = Math.floor(like!.placedAt! / 1_000);
        const body = { user: { userId }, items: [], total, id, createdAt, dataFields, ...more };
        const headers = { 'api-key': 'demo', 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body: JSON.stringify(body) };
        expect((await fetch(`${harness.sandbox.url}/api/commerce/trackPurchase`, init)).status).toBe(200);
      };
      await record(alike[0], { id: `${alike[0].id}-again` });
      await record(alike[1], { total: total + 1 });
      await record(alike[2], { dataFields: { ...alike[2].dataFields, currency: 'USD' } });
      // The webhooks of the shop are off.
      shop.fail({ webhooks: { lost: 1 } });
      added(2, other);
      const { result } = await compared({}, other);
      const kinds = result!.differences.map(({ faults: [first] }) => first!.kind);
      expect(kinds.sort()).toEqual(['amount', 'currency', 'doubled', 'missing', 'missing']);
    } finally {
      await other.close();
    }
  },
  60_000,
);

it('refuses things that cannot be compared', async () => {
  const { admin } = one.harness;
  const ask = (body: object) => admin('sources/shop/reconcile', { method: 'POST', body });
  expect(await ask({ from: '2026-01-02', to: '2026-01-01' })).toMatchObject({ status: 400 });
  expect(await ask({ from: '2020-01-01', to: '2026-01-01' })).toMatchObject({ status: 400 });
  expect(await ask({ from: 0, to: 1, timeZone: 'Mars' })).toMatchObject({ status: 400 });
  expect(await ask({ from: 0, to: 1, destination: 'nowhere' })).toMatchObject({ status: 400 });
  expect(await compared({ ga4: 'a,b\n1,2' })).toMatchObject({
    state: 'failed',
    failure: { code: 'request_invalid', message: expect.stringContaining('Transaction ID') },
  });
});
