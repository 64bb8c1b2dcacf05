import { afterAll, beforeAll, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import type { Profile } from '../../packages/destinations/test/klaviyo/account.ts';
import type { Body } from '../../packages/destinations/test/klaviyo/handlers.ts';
import { type Klaviyo, openKlaviyo } from '../../packages/destinations/test/klaviyo/klaviyo.ts';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';

let store: ShopSandbox;
let klaviyo: Klaviyo;
let harness: Harness;

beforeAll(async () => {
  const port = await freePort();
  [store, klaviyo] = await Promise.all([
    createShopSandbox({ platform: 'bigcommerce', limits: false }),
    openKlaviyo(),
  ]);
  harness = await openHarness({
    server: {
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      allowedHosts: [store, klaviyo].map(({ url }) => new URL(url).host),
    },
    workspace: () => ({
      sources: [{ id: 'shop', type: 'bigcommerce', settings: store.settings }],
      destinations: [
        { id: 'klaviyo', type: 'klaviyo', settings: { apiKey: klaviyo.key, apiUrl: klaviyo.url } },
      ],
    }),
  });
}, 30_000);
afterAll(async () => {
  await harness?.close();
  await store?.close();
  await klaviyo?.close();
});

/**
 * Two mugs of 12.61 and a shirt of 16.76 when she pays: 25.22 and 16.76, and 49.86 for all of it with a tenth off, tax and shipping.
 * Three mugs when they are sent, in one parcel, and the shirt in another whose number comes late. A mug is returned, 11.35 and 2.15
 * of tax; then another with the shipping, 11.35 + 2.16 + 4.12 + 0.78. Her yes to the newsletter ends with her no.
 */
const ADA = {
  profile: {
    email: 'ada@example.com',
    phone_number: '+4930901820',
    first_name: 'Ada',
    last_name: 'Adler',
    locale: 'de-DE',
  },
  location: {
    address1: 'Unter den Linden 5',
    address2: 'Hinterhaus',
    city: 'Berlin',
    region: 'Berlin',
    zip: '10117',
    country: 'DE',
  },
  consent: { email: 'UNSUBSCRIBED' },
  events: [
    'Fulfilled Order, 1 x TEE-RED-M at 16.76',
    'Fulfilled Order, 3 x MUG-1 at 12.61',
    'Order Tracking Updated',
    'Ordered Product, 16.76 EUR, 1 x Plain T-Shirt',
    'Ordered Product, 25.22 EUR, 2 x Stoneware Mug',
    'Placed Order, 49.86 EUR, 2 x MUG-1 at 12.61, 1 x TEE-RED-M at 16.76',
    'Refunded Order, 13.5 EUR, 1 x MUG-1 at 12.61',
    'Refunded Order, 18.41 EUR, 1 x MUG-1 at 12.61',
  ],
};

it('the day in a store matches the results worked out by hand for Ada, with unchanged presets', async () => {
  await harness.server.idle();
  await store.play('consent-changed');
  await store.retryWebhooks();
  await harness.server.idle();
  expect((await harness.admin('dead-letters')).body).toEqual([]);
  expect(held('ada@example.com')).toEqual(ADA);
  expect(klaviyo.strange).toEqual([]);
});

/** The data of a person in Klaviyo, in words. */
function held(email: string): unknown {
  const [{ id, attributes, consent }] = klaviyo.account.find({ email }) as [Profile];
  const { location, external_id: _of, ...profile } = attributes;
  const events = klaviyo.account.events
    .filter((one) => one.profile === id)
    .map(({ metric, value, value_currency: currency, properties }) => {
      const { Items: items = [], ProductName: name, Quantity: quantity } = properties as Body;
      const lines = items.map(({ SKU, Quantity, ItemPrice }: Body) => `${Quantity} x ${SKU} at ${ItemPrice}`);
      const line = name === undefined ? [] : [`${quantity} x ${name}`];
      const amount = value === undefined ? [] : [`${value} ${currency}`];
      return [metric, ...amount, ...lines, ...line].join(', ');
    });
  return { profile, location, consent, events: events.sort() };
}
