import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineSource, failed, type FeedPage, shopSettings } from '@waybill/core';
import { createShopSandbox } from '@waybill/shop-sandboxes';
import { shops } from '@waybill/sources';
import { createTestShop, fakeClock, type TestShop } from '@waybill/testing';
import { over } from './over.ts';

const MINUTE = 60_000;
/** What happened, in its order; what there is, by id; and what the feed was asked. */
let news: string[];
let orders: Map<string, number>;
let asked: (string | undefined)[];
let fails: boolean;
let wait: number | undefined;
let shop: TestShop | undefined;

beforeEach(() => {
  [news, orders, asked, fails, wait] = [[], new Map(), [], false, undefined];
});
afterEach(() => shop?.stop());

/** A shop without lists: only its feed returns orders, two at a time. */
function open(isOn = true): TestShop {
  const source = defineSource({
    slug: 'fed',
    name: 'Fed',
    description: 'Fed.',
    settings: shopSettings,
    shop: {
      capabilities: [],
      limits: { concurrency: 1 },
      streams: {
        orders: {
          title: 'Orders',
          description: 'Orders.',
          kinds: ['order'],
          pageSize: 1,
          async get(id) {
            const total = orders.get(id);
            return total === undefined ? ('gone' as const) : { row: { id, total } };
          },
          keyOf: (row) => ({ id: (row as { id: string }).id, at: '2026-01-01T00:00:00.000Z' }),
          states: (row) => [
            {
              kind: 'order',
              status: 'placed',
              currency: 'EUR',
              customer: { email: 'a@example.com' },
              ...(row as { id: string; total: number }),
            },
          ],
        },
      },
      feeds: {
        news: {
          title: 'News',
          description: 'News.',
          every: 60,
          isOn: () => isOn,
          async read(position): Promise<FeedPage | ReturnType<typeof failure>> {
            asked.push(position);
            if (fails) return failure();
            const from = Number(position ?? 0);
            const hints = news.slice(from, from + 2).map((id) => ({ stream: 'orders', id }));
            const page = { hints, position: String(from + hints.length) };
            return { ...page, more: hints.length === 2, ...(wait === undefined ? {} : { waitMs: wait }) };
          },
        },
      },
    },
  });
  return (shop = createTestShop(source));
}
const failure = () => ({ failure: failed('source_forbidden', 'The client lacks a right.') });
const said = (events: Awaited<ReturnType<TestShop['sync']>>): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'track' ? [`${event.event} ${event.properties?.['order_id']}`] : [],
  );

it('things in a feed are read, page after page, and deleted ones are reported', async () => {
  const one = open();
  news = ['1', '2', '3'];
  orders = new Map([
    ['1', 100],
    ['2', 100],
    ['3', 100],
  ]);
  expect(said(await one.sync())).toEqual(['Order Completed 1', 'Order Completed 2', 'Order Completed 3']);
  expect(asked).toEqual([undefined, '2']);
  orders.delete('2');
  news.push('2');
  expect(said(await one.advance(MINUTE))).toEqual(['Order Deleted 2']);
  expect(one.status()).toMatchObject([
    { stream: 'news', mode: 'feed', read: 4 },
    { stream: 'orders', mode: 'webhook' },
  ]);
});

it('it continues after a restart at its cursor, and waits as requested by the shop', async () => {
  const one = open();
  news = ['1'];
  orders.set('1', 100);
  await one.sync();
  await one.restart();
  wait = 5 * MINUTE;
  await one.advance(MINUTE);
  await one.advance(MINUTE);
  expect(asked).toEqual([undefined, '1']);
  await one.advance(5 * MINUTE);
  expect(asked).toEqual([undefined, '1', '1']);
});

it('one that cannot be read blocks nothing else, and reports why', async () => {
  const one = open();
  fails = true;
  orders.set('1', 100);
  await one.sync();
  expect(one.status()[0]).toMatchObject({ stream: 'news', failure: { code: 'source_forbidden' } });
  expect(one.status()[1]).not.toHaveProperty('failure');
  fails = false;
  news = ['1'];
  expect(said(await one.advance(MINUTE))).toEqual(['Order Completed 1']);
  expect(one.status()[0]).not.toHaveProperty('failure');
});

it('one that is missing in the settings is not read', async () => {
  await open(false).sync();
  expect(asked).toEqual([]);
});

it.each(['magento2', 'commercetools'] as const)(
  'that of %s reports a deleted customer when no webhook arrives',
  async (platform) => {
    const clock = fakeClock();
    const sandbox = await createShopSandbox({
      platform,
      webhookUrl: 'http://127.0.0.1:9/',
      faults: { webhooks: { lost: 1 } },
      now: clock.now,
    });
    const source = shops.find(({ slug }) => slug === platform)!;
    shop = createTestShop(source, { clock, settings: sandbox.settings, answers: over(sandbox) });
    await sandbox.play('guest-registers');
    const { customer } = sandbox.model.tables;
    await shop.sync();
    await shop.backfill({ streams: ['customers'] });
    const gone = customer.all()[0]!;
    sandbox.model.customers.delete(gone.id);
    const events = await shop.advance(MINUTE);
    await sandbox.close();
    expect(events.flatMap((event) => (event.type === 'track' ? [event.event] : []))).toContain(
      'Customer Deleted',
    );
    expect(sandbox.stats().webhooks).toMatchObject({ delivered: 0 });
  },
);
