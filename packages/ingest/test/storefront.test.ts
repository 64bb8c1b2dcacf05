import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ResolvedSource, ShopState } from '@waybill/core';
import {
  createSources,
  type ShopReading,
  type Sources,
  takeStorefront,
  UNLIMITED_ROOM,
} from '@waybill/ingest';
import { bucketOf, putInto } from '../src/shops/storefront/visitors.ts';
import { type FakeShop, fakeShop } from './fake-shop.ts';
import { type World, world } from './support.ts';

const MINUTE = 60_000;
const BEGIN = Date.parse('2026-01-15T12:00:00Z');
const at = (minutes: number): string => new Date(BEGIN + minutes * MINUTE).toISOString();

let one: World;
let shop: FakeShop;
let sources: Sources;
let source: ResolvedSource;
beforeEach(async () => {
  one = await world();
  shop = fakeShop();
  source = withCarts(shop.instance());
  sources = createSources({
    log: one.log,
    intake: one.intake,
    context: shop.contextOf(() => one.time.now),
    holder: 'test',
    now: () => one.time.now,
    room: () => Promise.resolve(UNLIMITED_ROOM),
    onFailure: () => undefined,
  });
  await sources.configure([source]);
  await sources.idle();
});
afterEach(async () => {
  await sources.stop();
  await one.close();
});

/** The shop with a storefront: its orders have a cart, and belong to Ada. */
function withCarts(instance: ResolvedSource): ResolvedSource {
  const { shop: own } = instance.source!;
  const { orders } = own!.streams;
  const states: typeof orders.states = (row, context) =>
    orders!.states(row, context).map(
      (state) =>
        ({
          ...state,
          cartId: `cart-${state.id}`,
          placedAt: (state as { updatedAt: string }).updatedAt,
          customer: { email: 'Ada@shop.example' },
        }) as ShopState,
    );
  const streams = { orders: { ...orders!, states } };
  return {
    ...instance,
    settings: { storefrontKey: 'key' },
    source: { ...instance.source!, shop: { ...own!, streams } },
  };
}

const reading = (): ShopReading => sources.shop('shop')!;
let made = 0;
async function say(
  anonymousId: string,
  properties: object,
  minutes = 0,
  name = 'Product Viewed',
): Promise<void> {
  const event = {
    type: 'track',
    event: name,
    anonymousId,
    properties,
    timestamp: at(minutes),
    messageId: `m${(made += 1)}`,
  };
  const origin = { source, path: 'test', list: 'batch' };
  const { visitors } = reading();
  const taken = await takeStorefront([event], source, {
    intake: one.intake,
    visitors,
    origin,
    given: {},
    now: one.time.now,
  });
  expect(taken).toMatchObject({ accepted: 1, refused: [] });
  await taken.stored;
}
async function order(id: string, minutes: number, total = 1): Promise<void> {
  one.time.now = BEGIN + minutes * MINUTE;
  shop.put(id, at(minutes), total);
  await reading().take([{ stream: 'orders', id }]);
  await sources.idle();
}
const orders = async (): Promise<readonly unknown[]> =>
  (await one.all()).flatMap(({ event, anonymousId, properties }) =>
    event?.startsWith('Order ') === true ? [[event, anonymousId, properties?.['campaignId']]] : [],
  );

it('an order has the visitor of its cart and the campaign, and the visitor gets the name', async () => {
  await say('ada', { cart_id: 'cart-1', campaignId: 7 }, -5);
  await say('ben', { cart_id: 'cart-2', campaignId: 8 }, -5);
  await order('1', 1);
  expect(await orders()).toEqual([['Order Completed', 'ada', 7]]);
  await say('ada', { product_id: 'x' });
  await say('ben', { product_id: 'y' });
  const seen = (await one.all())
    .slice(-2)
    .map(({ anonymousId, context }) => [anonymousId, context?.['traits']]);
  expect(seen).toEqual([
    ['ada', { email: 'Ada@shop.example' }],
    ['ben', undefined],
  ]);
});

it('an order that was read first has them when it is read again, later visits do not count, and nothing is reverted', async () => {
  await order('1', 1);
  await say('ada', { cart_id: 'cart-1', campaignId: 7 }, 0);
  await order('1', 2, 2);
  one.time.now = BEGIN + 60 * MINUTE;
  await say('ada', { cart_id: 'cart-1', campaignId: 9 }, 60);
  await order('1', 61, 3);
  await order('2', 62);
  expect((await orders()).map((line) => (line as unknown[]).slice(1)).slice(1)).toEqual([
    ['ada', 7],
    ['ada', 7],
    [expect.any(String), undefined],
  ]);
});

it('a cart belongs to its last visitor; with a guessable id, to its first', async () => {
  const { visitors } = reading();
  const visit = (cartId: string, anonymousId: string, campaignId: string) =>
    visitors.note([{ cartId, anonymousId, at: one.time.now, attribution: { campaignId } }]);
  for (const id of ['cart-1', '1']) {
    await visit(id, 'ada', '1');
    await visit(id, 'ben', '2');
  }
  const kept = async (id: string) => {
    const { state } = await one.log.carried('source shop', [bucketOf('visit', id)]);
    return (
      JSON.parse(Buffer.from(state.values().next().value!).toString()) as {
        cartId: string;
        anonymousId: string;
      }[]
    )
      .filter(({ cartId }) => cartId === id)
      .map(({ anonymousId }) => anonymousId);
  };
  expect([await kept('cart-1'), await kept('1')]).toEqual([['ben'], ['ada']]);
  // Nor is a key of an order accepted as that of a cart.
  await say('eve', { cart_id: 'order-of-ada' });
  expect((await one.log.carried('source shop', [bucketOf('visit', 'order-of-ada')])).state.size).toBe(0);
});

it('the stored data of visitors is bounded by number and age', () => {
  let bucket: readonly { readonly at: number; readonly id: number }[] = [];
  for (let id = 0; id < 100; id += 1)
    bucket = putInto(bucket, { id, at: BEGIN }, (visit) => String(visit.id));
  expect([bucket.length, bucket[0]!.id, bucket.at(-1)!.id]).toEqual([64, 36, 99]);
  const later = { id: 1, at: BEGIN + 91 * 24 * 60 * MINUTE };
  expect(putInto(bucket, later, (visit) => String(visit.id))).toEqual([later]);
});

it('a visitor is deleted with the user', async () => {
  await say('ada', { cart_id: 'cart-1', campaignId: 7 });
  await say('ben', { cart_id: 'cart-2', campaignId: 7 });
  await order('1', 1);
  await order('2', 1);
  await reading().erase({ email: 'ada@shop.example' });
  const { state } = await one.log.carried(
    'source shop',
    ['cart-1', 'cart-2'].map((id) => bucketOf('visit', id)),
  );
  expect([...state.values()].map((bucket) => Buffer.from(bucket).toString())).toEqual(['[]', '[]']);
  await say('ada', { product_id: 'x' });
  expect((await one.all()).at(-1)?.context).not.toHaveProperty('traits');
});
