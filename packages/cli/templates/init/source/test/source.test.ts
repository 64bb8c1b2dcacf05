import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  type CannedAnswer,
  createTestShop,
  fakeClock,
  shopTests,
  type TestWebhook,
  type WireRequest,
} from '@waybill/testing';
import type { Customer } from '../src/customers.ts';
import { source } from '../src/index.ts';
import type { Order } from '../src/orders.ts';

const settings = { apiUrl: 'https://shop.example', apiKey: 'test-key', webhookSecret: 'test-secret' };

const ada: Customer = {
  id: 7,
  created: '2026-01-01T09:00:00Z',
  changed: '2026-01-02T09:00:00Z',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
};

const order: Order = {
  id: 1,
  status: 'paid',
  created: '2026-01-03T10:00:00Z',
  changed: '2026-01-03T10:00:00Z',
  customer: { id: 7, email: 'ada@example.com' },
  currency: 'EUR',
  total: '25.00',
  items: [{ product: 'p-1', name: 'Tea', quantity: 2, price: '12.50' }],
};

/** A shop in memory: answers calls as the API does. */
function shopOf(lists: { readonly orders: Order[]; readonly customers: Customer[] }) {
  return ({ url }: WireRequest): CannedAnswer => {
    const { pathname, searchParams } = new URL(url);
    const [, list = '', id] = pathname.split('/');
    const rows: readonly (Order | Customer)[] = lists[list as 'orders'] ?? [];
    if (id !== undefined) {
      const row = rows.find((one) => String(one.id) === id);
      return row === undefined ? { status: 404 } : { json: row };
    }
    const by = searchParams.get('by') === 'created' ? 'created' : 'changed';
    const from = Date.parse(searchParams.get('from') ?? '1970');
    const to = Date.parse(searchParams.get('to') ?? '9999');
    const found = rows
      .filter((row) => Date.parse(row[by]) >= from && Date.parse(row[by]) <= to)
      .toSorted((one, other) => Date.parse(one[by]) - Date.parse(other[by]) || one.id - other.id);
    const offset = Number(searchParams.get('offset'));
    const page = found.slice(offset, offset + Number(searchParams.get('limit')));
    return { json: { [list]: page, total: found.length } };
  };
}

/** A webhook as the shop signs it. */
function signed(json: object): TestWebhook {
  const body = JSON.stringify(json);
  const signature = createHmac('sha256', settings.webhookSecret).update(body).digest('hex');
  return { headers: { 'x-shop-signature': signature }, body };
}

const later: Order = { ...order, id: 2, created: '2026-01-04T10:00:00Z', changed: '2026-01-05T10:00:00Z' };
shopTests(
  source,
  { describe, it },
  {
    settings,
    rows: { orders: [order, later], customers: [ada] },
    answers: shopOf({ orders: [later, order], customers: [ada] }),
    webhook: signed({ resource: 'order', id: 1 }),
  },
);

describe('{{name}}', () => {
  it('reports an order once, and each refund', async () => {
    const orders: Order[] = [];
    const shop = createTestShop(source, {
      settings,
      clock: fakeClock(),
      answers: shopOf({ orders, customers: [ada] }),
    });
    await shop.sync();
    orders.push(order);
    assert.equal(await shop.receive(signed({ resource: 'order', id: 1 })), undefined);
    const [completed] = (await shop.sync()).filter(({ event }) => event === 'Order Completed');
    assert.equal(completed?.properties?.['total'], 25);

    const refunds = [{ id: 1, at: '2026-01-06T10:00:00Z', amount: '5.00' }];
    orders[0] = { ...order, changed: '2026-01-06T10:00:00Z', refunds };
    await shop.receive(signed({ resource: 'order', id: 1 }));
    const names = (await shop.sync()).flatMap(({ event }) => event ?? []);
    assert.deepEqual(names, ['Order Refunded']);
    await shop.stop();
  });

  it('reports a remedy when the shop refuses the key', async () => {
    const shop = createTestShop(source, { settings, answers: [{ status: 401 }] });
    await shop.backfill();
    const failure = shop.status().find((one) => one.failure !== undefined)?.failure;
    assert.equal(failure?.code, 'source_unauthorized');
    assert.match(failure.message, /Check apiKey/);
    await shop.stop();
  });
});
