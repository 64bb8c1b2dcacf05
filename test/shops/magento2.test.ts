import { afterEach, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';
import { ADA, BEN, CHIYO } from './by-hand.ts';
import { type Held, heldBy } from './outcome.ts';

let shop: ShopSandbox;
let harness: Harness | undefined;

afterEach(async () => {
  await harness?.close();
  harness = undefined;
  await shop.close();
});

/** A server that reads the shop and sends to a local Iterable. */
async function open(port: number): Promise<Harness> {
  harness = await openHarness({
    sandbox: { switches: { doubleIntoLong: 'accepted' } },
    server: { port, allowedHosts: ['127.0.0.1'] },
    workspace: (apiUrl) => ({
      sources: [{ id: 'magento', type: 'magento2', settings: shop.settings }],
      destinations: [
        { id: 'iterable', type: 'iterable', settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl } },
      ],
    }),
  });
  return harness;
}

async function settled({ server }: Harness): Promise<void> {
  await shop.settled();
  await server.idle();
}

async function held(under: Harness): Promise<readonly Held[]> {
  await settled(under);
  return heldBy(await under.iterable());
}

/*
 * Differences of Magento from a shop that reports everything. An edited order is cancelled and replaced by another one: 34.05 and
 * 15.08, 4.12 of shipping, 19 % of each (6.47 + 2.87 + 0.78). It has no reasons, deliveries, abandoned carts, text messages and
 * authors of reviews; and it does not distinguish customers who never subscribed to the newsletter from those who unsubscribed.
 */
const EDITED = { total: 63.37, items: ['1 x TEE-RED-M at 16.76', '3 x MUG-1 at 12.61'] };
const without = (events: readonly string[], ...words: readonly string[]): readonly string[] =>
  events.filter((one) => !words.some((word) => one.startsWith(word)));
const ada: Held = {
  ...ADA,
  purchases: [...ADA.purchases, EDITED],
  events: [
    ...without(ADA.events, 'Order Delivered', 'Order Shipped'),
    'Order Cancelled, total 49.86, reason undefined',
    'Order Shipped, carrier ups',
    // The number of the second parcel came late.
    'Order Shipped, carrier undefined',
  ].sort(),
};
const ben: Held = {
  ...BEN,
  events: [
    ...without(BEN.events, 'Cart Abandoned', 'Order Cancelled'),
    'Order Cancelled, total 74.4, reason undefined',
  ].sort(),
};
const chiyo: Held = {
  ...CHIYO,
  events: without(CHIYO.events, 'Product Reviewed', 'SMS Subscribed'),
};

/** Runs the day with polls and sweeps from time to time. */
async function lived(under: Harness): Promise<readonly Held[]> {
  for (const step of ['order-edited', 'order-shipped', 'cart-abandoned', 'all']) {
    await shop.play(step);
    await settled(under);
    await under.admin('sources/magento/read', { method: 'POST', body: { sweeps: true } });
    await settled(under);
  }
  expect((await under.admin('sources/magento/set-aside')).body).toEqual([]);
  return (await held(under)).slice(0, 3);
}

/** The events, however late they are seen, in alphabetical order. */
const late = (one: Held, ...words: readonly string[]): Held => ({
  ...one,
  events: without(one.events, ...words)
    .map((event) => event.replace('carrier undefined', 'carrier dhl'))
    .sort(),
});

it('the day, with events of Adobe Commerce, some of them twice or late', async () => {
  const port = await freePort();
  shop = await createShopSandbox({
    platform: 'magento2',
    webhookUrl: `http://127.0.0.1:${port}/sources/magento/webhook`,
    faults: { webhooks: { duplicated: 0.3, reordered: 0.3 } },
  });
  const under = await open(port);
  await settled(under);
  await shop.play('all', () => settled(under));
  expect((await held(under)).slice(0, 3)).toEqual([ada, ben, chiyo]);
});

it('the day of a Magento Open Source, with polls and sweeps alone', async () => {
  shop = await createShopSandbox({ platform: 'magento2' });
  const under = await open(0);
  await settled(under);
  expect(await lived(under)).toEqual([ada, ben, late(chiyo)]);
});

it('the day, read from the beginning after its end', async () => {
  shop = await createShopSandbox({ platform: 'magento2', start: Date.UTC(2026, 2, 1) });
  await shop.play('all');
  const under = await open(0);
  await settled(under);
  await under.admin('sources/magento/backfill', { method: 'POST', body: {} });
  const [first, second, third] = await held(under);
  // Earlier states are not known, nor is a parcel sent without a number.
  expect(first).toEqual(late(ada, 'Email Subscribed', 'Email Unsubscribed'));
  expect(second).toEqual(late(ben, 'Email Changed'));
  expect(third).toEqual(late(chiyo));
  const { body } = await under.admin('sources/magento/streams');
  const read = body.filter(({ mode }: Answer) => mode === 'backfill');
  expect(read).toHaveLength(6);
  for (const one of read) expect(one).toMatchObject({ ended: true, read: one.total });
});
