import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CartState, ConsentState, Event, OrderState } from '@waybill/core';
import { shops } from '@waybill/sources';
import { createTestShop, fakeClock, type FakeClock, sampleSettings, type TestShop } from '@waybill/testing';
import { type MemoryShop, createMemoryShop } from './memory-shop.ts';

/* Known defects of shop connectors. Each test is named after one, and proves its absence. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let memory: MemoryShop;
let clock: FakeClock;
let shop: TestShop;

beforeEach(async () => {
  memory = createMemoryShop();
  clock = fakeClock();
  shop = createTestShop(memory.source, { clock });
  await shop.sync();
});
afterEach(() => shop.stop());

/** A time, by minutes from the one that a test begins at. */
const BEGIN = fakeClock().now();
const at = (minutes: number): string => new Date(BEGIN + minutes * MINUTE).toISOString();

const line = { productId: 'p-1', name: 'Tea', quantity: 2, price: 1_000 };

/** Puts an order; `minutes` is when it changed. */
function order(id: string, minutes: number, changes: Partial<OrderState> = {}, created = minutes): void {
  const state: OrderState = {
    id,
    status: 'placed',
    placedAt: at(created),
    updatedAt: at(minutes),
    customer: { email: 'ada@example.com' },
    currency: 'EUR',
    total: 2_000,
    lines: [line],
    ...changes,
  };
  memory.put('orders', {
    id,
    created: at(created),
    changed: at(minutes),
    state: { kind: 'order', ...state },
  });
}

/** Records consent with its time and the time at which it was seen. */
function consent(id: string, minutes: number, state: ConsentState['state'], seen = minutes): void {
  const said = { id, customer: { email: id }, channel: 'email', state, at: at(minutes) } as const;
  memory.put('consents', {
    id,
    created: at(0),
    changed: at(seen),
    state: { kind: 'consent', ...said },
  });
}

function cart(id: string, minutes: number, changes: Partial<CartState> = {}): void {
  const state: CartState = {
    id,
    status: 'active',
    createdAt: at(minutes),
    updatedAt: at(minutes),
    customer: { email: 'ada@example.com' },
    currency: 'EUR',
    lines: [line],
    ...changes,
  };
  memory.put('carts', { id, created: at(minutes), changed: at(minutes), state: { kind: 'cart', ...state } });
}

/** Has the shop call. */
const hint = (...ids: readonly string[]): Promise<unknown> => shop.receive({ body: ids.join(' ') });
const named = (events: readonly Event[]): readonly string[] =>
  events.flatMap(({ event, properties }) =>
    event === undefined
      ? []
      : [[event, properties?.['order_id'] ?? ''].filter((part) => part !== '').join(' ')],
  );
const next = async (milliseconds = 2 * MINUTE) => named(await shop.advance(milliseconds));

describe('webhooks', () => {
  it('cost the checkout of the shop half a second, or break it', async () => {
    order('1', 1);
    const before = memory.calls.length;
    await hint('1');
    // It is answered when it is durable: no other service is called before.
    expect(memory.calls.slice(before)).toEqual([]);
  });

  it('are acknowledged when the shop answers 429, and lost', async () => {
    order('1', -60);
    memory.failing.push({ call: /orders 1/, code: 'source_rate_limited', times: 3 });
    await hint('1');
    expect(named(await shop.sync())).toEqual([]);
    const told: string[] = [];
    for (let hours = 0; hours < 3; hours += 1) told.push(...(await next(HOUR)));
    expect(told).toContain('Order Completed 1');
  });

  it('are given up after one retry, and deleted', async () => {
    order('1', -60);
    memory.failing.push({ call: /./, code: 'source_unavailable', times: 30 });
    await hint('1');
    const told: string[] = [];
    for (let hours = 0; hours < 40; hours += 1) told.push(...(await next(HOUR)));
    expect(told).toEqual(['Order Completed 1']);
  });

  it('fill a queue with a row for each save', async () => {
    order('1', -60);
    memory.failing.push({ call: /./, code: 'source_unavailable', times: 4 });
    for (let save = 0; save < 100; save += 1) await hint('1');
    await shop.sync();
    const stream = shop.status().find((one) => one.stream === 'orders');
    expect(stream?.waiting).toBe(1);
  });

  it('cost nine calls a cart', async () => {
    order('1', -60);
    await hint('1');
    const before = memory.calls.length;
    await shop.sync();
    expect(memory.calls.slice(before)).toEqual(['orders 1']);
  });

  it.each(shops.map((one) => [one.slug, one] as const))(
    'are taken without a signature or a token: %s',
    async (_slug, { settings, shop: platform }) => {
      const given = { ...sampleSettings(settings), clientSecret: 'secret', apiKey: 'key' };
      const context = {
        settings: given,
        now: clock.now,
        memory: new Map<string, unknown>(),
        request: () => Promise.reject(new Error('Nobody is called.')),
      };
      const body = new TextEncoder().encode('{"events":[],"message":{"data":"e30="}}');
      const answer = await platform!.hints!({ method: 'POST', headers: {}, query: {}, body }, context);
      expect(answer).toMatchObject({ refused: { code: 'source_signature_invalid' } });
    },
  );
});

describe('orders', () => {
  it('with a second partial refund have the id of the first, so that it is lost', async () => {
    order('1', 1);
    expect(await next()).toEqual(['Order Completed 1']);
    const refunds = [{ id: 'r-1', at: at(3), amount: 500 }];
    order('1', 3, { refunds }, 1);
    const first = (await shop.advance(4 * MINUTE)).filter(({ event }) => event === 'Order Refunded');
    order('1', 8, { refunds: [...refunds, { id: 'r-2', at: at(8), amount: 300 }] }, 1);
    const second = (await shop.advance(4 * MINUTE)).filter(({ event }) => event === 'Order Refunded');
    expect([...first, ...second].map(({ properties }) => properties?.['total'])).toEqual([5, 3]);
    expect(first[0]!.messageId).not.toBe(second[0]!.messageId);
  });

  it('are completed again whenever their status comes back', async () => {
    const told: string[] = [];
    for (const [minutes, shopStatus] of [
      [1, 'complete'],
      [4, 'new'],
      [7, 'complete'],
    ] as const) {
      order('1', minutes, { shopStatus }, 1);
      told.push(...(await next(3 * MINUTE)));
    }
    expect(told.filter((one) => one.startsWith('Order Completed'))).toHaveLength(1);
  });

  it('make an event of every save', async () => {
    order('1', 1);
    await next();
    order('1', 4, {}, 1);
    expect(await next(4 * MINUTE)).toEqual([]);
  });

  it('are skipped while they are incomplete or wait for payment, and then for ever', async () => {
    memory.put('orders', {
      id: '1',
      created: at(1),
      changed: at(1),
      state: {
        kind: 'order',
        id: '1',
        status: 'open',
        updatedAt: at(1),
        currency: 'EUR',
        total: 2_000,
        customer: { email: 'ada@example.com' },
      },
    });
    expect(await next()).toEqual([]);
    order('1', 5, {}, 1);
    expect(await next(6 * MINUTE)).toEqual(['Order Completed 1']);
  });

  it('with products that are missing or deleted are never sent', async () => {
    order('1', 1, { lines: [{ ...line, productId: 'deleted' }] });
    const [completed] = (await shop.advance(2 * MINUTE)).filter(({ event }) => event !== undefined);
    expect(completed?.properties?.['products']).toMatchObject([{ product_id: 'deleted', name: 'Tea' }]);
  });

  it('with a large payload are dropped', async () => {
    order('1', 1, {
      lines: Array.from({ length: 700 }, (_, index) => ({ ...line, productId: `p-${index}` })),
    });
    order('2', 1);
    // The rest continues, and the failed row is kept with its reason.
    expect(await next()).toEqual(['Order Completed 2']);
    expect(shop.asides()).toMatchObject([{ row: '1', code: 'event_too_large' }]);
  });

  it('of guests lack the store', async () => {
    order('1', 1, { store: { id: 'jp', name: 'Japan' } });
    const [completed] = (await shop.advance(2 * MINUTE)).filter(({ event }) => event !== undefined);
    expect(JSON.stringify(completed)).toContain('"jp"');
  });

  it('need a cookie of the browser', async () => {
    order('1', 1);
    const events = await shop.advance(2 * MINUTE);
    expect(events.every(({ userId, anonymousId }) => (userId ?? anonymousId) !== undefined)).toBe(true);
    expect(JSON.stringify(events)).toContain('ada@example.com');
  });

  it('of one guest make two of them, or a random one', async () => {
    order('1', 1);
    order('2', 1, { customer: { email: 'ADA@example.com' } });
    const whose = (events: readonly Event[]) =>
      new Set(events.map(({ userId, anonymousId }) => `${userId} ${anonymousId}`));
    const once = whose(await shop.advance(2 * MINUTE));
    expect(once.size).toBe(1);
    const again = createTestShop(memory.source, { clock });
    expect(whose([...(await again.sync()), ...(await again.backfill())])).toEqual(once);
    await again.stop();
  });

  it('are of whoever is found first under the name "email"', async () => {
    order('1', 1, { custom: { email: 'courier@example.com' } });
    const events = await shop.advance(2 * MINUTE);
    expect(events.map(({ traits, context }) => JSON.stringify([traits, context]))).not.toContain(
      expect.stringContaining('courier'),
    );
    expect(JSON.stringify(events.map(({ traits, context }) => [traits, context]))).toContain('ada@');
  });

  it('with a bad e-mail address are not synced, and nobody says so', async () => {
    order('1', 1, { customer: { email: 'no address' } });
    const told = await next();
    // It is sent, for the destination to refuse or set aside with a reason.
    expect(told.length + shop.asides().length).toBeGreaterThan(0);
  });
});

describe('polls', () => {
  it('lose rows of one time at the edge of a page', async () => {
    for (let id = 1; id <= 11; id += 1) order(`${id}`, 1);
    const told = await next();
    expect(new Set(told).size).toBe(11);
  });

  it('skip for ever an order that is committed late', async () => {
    order('2', 10);
    await next(11 * MINUTE);
    // Two minutes older than the newest row, and it was not there before.
    order('1', 8);
    expect(await next()).toEqual(['Order Completed 1']);
    // Hours older.
    order('0', -90);
    const told: string[] = [];
    for (let minutes = 0; minutes < 70; minutes += 10) told.push(...(await next(10 * MINUTE)));
    expect(told).toEqual(['Order Completed 0']);
  });

  it('miss what does not move the time of a change', async () => {
    order('1', 1);
    await next();
    order('1', 1, { shipments: [{ id: 's-1', at: at(2) }] });
    const told: string[] = [];
    for (let minutes = 0; minutes < 70; minutes += 10) told.push(...(await next(10 * MINUTE)));
    expect(told).toContain('Order Shipped 1');
  });

  it('look into a window before now, so that a late job skips what was in it', async () => {
    order('1', 5);
    order('2', 60);
    await shop.restart();
    expect(await next(72 * HOUR)).toEqual(['Order Completed 1', 'Order Completed 2']);
    expect(await next(HOUR)).toEqual([]);
  });

  it('compare dates as text', async () => {
    const earlier = '2026-01-15T13:30:00+02:00';
    order('1', 1);
    await next();
    // It reads as later, and is earlier.
    const { state } = memory.rows.orders[0]!;
    memory.put('orders', {
      id: '1',
      created: at(1),
      changed: at(4),
      state: { ...state, updatedAt: earlier, status: 'cancelled' } as typeof state,
    });
    expect(await next(4 * MINUTE)).toEqual([]);
  });

  it('drop a whole page that one row spoils', async () => {
    for (let id = 1; id <= 8; id += 1) order(`${id}`, id / 10);
    memory.spoilt.add('3');
    const told: string[] = [];
    for (let minutes = 0; minutes < 60; minutes += 10) told.push(...(await next(10 * MINUTE)));
    expect(told.toSorted()).toEqual([1, 2, 4, 5, 6, 7, 8].map((id) => `Order Completed ${id}`));
    expect(shop.asides().length).toBeGreaterThan(0);
  });

  it('log a row that fails, and skip it', async () => {
    const state = { kind: 'order', id: '1', status: 'odd', currency: 'EUR', total: 1 } as never;
    memory.put('orders', { id: '1', created: at(1), changed: at(1), state });
    expect(await next()).toEqual([]);
    expect(shop.asides()).toMatchObject([{ stream: 'orders', row: '1', text: expect.any(String) as string }]);
    order('1', 5, {}, 1);
    expect(await next(5 * MINUTE)).toEqual(['Order Completed 1']);
    expect(shop.asides()).toEqual([]);
  });

  it('never learn that something is gone', async () => {
    order('1', 1);
    await next();
    memory.rows.orders = [];
    await hint('1');
    await shop.sync();
    // Its end is stored: an earlier row does not restore it.
    order('1', 1);
    await hint('1');
    expect(await next(70 * MINUTE)).toEqual([]);
  });
});

describe('consent', () => {
  it('is given again by a row that is older than the refusal', async () => {
    consent('ada@example.com', 1, 'subscribed');
    expect(await next()).toEqual(['Email Subscribed']);
    consent('ada@example.com', 5, 'unsubscribed');
    expect(await next(6 * MINUTE)).toEqual(['Email Unsubscribed']);
    consent('ada@example.com', 3, 'subscribed', 9);
    expect(await next(4 * MINUTE)).toEqual([]);
  });
});

it.each(shops.map((one) => [one.slug, one] as const))(
  'there is no way back for an unsubscribe: %s',
  (_slug, { shop: platform }) => expect(platform!.writeConsent).toBeTypeOf('function'),
);

describe('carts', () => {
  it('are in checkout as soon as something is added', async () => {
    cart('c', 1);
    expect(await next()).toEqual(['Cart Updated']);
    cart('c', 5, { checkoutAt: at(5) });
    expect(await next(6 * MINUTE)).toContain('Checkout Started');
  });

  it('that are read before the orders of a first sync start a journey, or none ever', async () => {
    cart('c', -60);
    order('1', -59, { cartId: 'c' });
    const before = memory.calls.length;
    await shop.backfill();
    const read = memory.calls.slice(before).filter((call) => call.endsWith(' page'));
    expect(read.indexOf('orders page')).toBeLessThan(read.indexOf('carts page'));
  });
});

describe('a back-fill', () => {
  const many = (count: number): void => {
    for (let id = 0; id < count; id += 1) order(`${id}`, id - 5_000);
  };

  it('counts imported orders as live', async () => {
    many(3);
    const events = (await shop.backfill()).filter(({ event }) => event !== undefined);
    expect(events.map(({ context }) => context?.['historical'])).toEqual([true, true, true]);
  });

  it('begins anew when it is interrupted, and says neither how far it is nor when it ends', async () => {
    many(20);
    memory.failing.push({ call: /orders page/, code: 'source_unavailable', times: 40, after: 4 });
    const first = await shop.backfill({ streams: ['orders'] });
    const past = () => shop.status().find(({ mode }) => mode === 'backfill');
    const read = past()!.read;
    expect(read).toBeGreaterThan(0);
    expect(past()).toMatchObject({ total: 20, ended: false, failure: { code: 'source_unavailable' } });
    await shop.restart();
    await shop.sync();
    expect(past()).toMatchObject({ read, total: 20, ended: false });
    memory.failing.length = 0;
    const rest = await shop.advance(HOUR);
    expect(past()).toMatchObject({ read: 20, total: 20, ended: true });
    const ids = [...first, ...rest].map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('ends at a 503 in the middle, as if that were all', async () => {
    many(20);
    memory.failing.push({ call: /orders page/, code: 'source_unavailable', times: 3, after: 2 });
    await shop.backfill({ streams: ['orders'] });
    for (let tries = 0; tries < 10; tries += 1) await shop.advance(5 * MINUTE);
    expect(shop.status().find(({ mode }) => mode === 'backfill')).toMatchObject({ read: 20, ended: true });
  });

  it('loops on one row, or passes over rows that move while it reads', async () => {
    many(100);
    const events = await shop.backfill({ streams: ['orders'] });
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(events.length);
    expect(shop.status().find(({ mode }) => mode === 'backfill')).toMatchObject({ read: 100, total: 100 });
  });

  it('stops at 10,000 rows, as it pages by offset: commercetools', async () => {
    const commercetools = shops.find(({ slug }) => slug === 'commercetools')!;
    const urls: string[] = [];
    const context = {
      settings: sampleSettings(commercetools.settings),
      now: clock.now,
      memory: new Map<string, unknown>(),
      async request({ url }: { readonly url: string }) {
        urls.push(String(url));
        const body = { access_token: 'token', expires_in: 1_000, results: [] };
        const text = JSON.stringify(body);
        return { kind: 'response', ok: true, status: 200, headers: {}, text, body, exchange: 0 } as const;
      },
    };
    const after = { id: '00000000-0000-0000-0000-000000000001', at: at(0) };
    await commercetools.shop!.streams['orders']!.page!(
      { by: 'changed', after, skip: 0, limit: 500 },
      context,
    );
    const [asked] = urls.filter((url) => url.includes('/orders?'));
    const { searchParams } = new URL(asked!);
    expect(searchParams.get('where')).toMatch(/lastModifiedAt .*id >/);
    expect(searchParams.get('offset') ?? '0').toBe('0');
  });
});

it.each(shops.map((one) => [one.slug, one] as const))(
  'there are no carts, consents or parcels: %s',
  (_slug, { shop: platform }) => {
    const kinds = new Set(Object.values(platform!.streams).flatMap((stream) => stream.kinds));
    expect([...kinds]).toEqual(expect.arrayContaining(['order', 'cart', 'customer', 'consent', 'product']));
    const told = platform!.capabilities.map(({ what, how }) => `${what} ${how}`).join('; ');
    expect(told).toMatch(/Order Shipped (both|poll|webhook)/);
  },
);
