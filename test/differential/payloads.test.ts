import { afterEach, describe, expect, it } from 'vitest';
import { bigcommerceAsk, commercetoolsAsk, magentoAsk } from './clients.ts';
import { type PayloadShop, servePayloads } from './payloads.ts';
import { type Ask, ownAsk, readAll } from './reading.ts';
import { SAMPLES } from './samples.ts';

/** The client that reads the samples, and the streams with data in them. */
const CLIENTS: readonly (readonly [
  keyof typeof SAMPLES,
  (settings: PayloadShop['settings'], own: Ask) => Ask,
  readonly string[],
])[] = [
  [
    'commercetools',
    commercetoolsAsk,
    ['orders', 'carts', 'customers', 'products', 'reviews', 'subscriptions'],
  ],
  ['bigcommerce', bigcommerceAsk, ['orders', 'refunds', 'customers', 'subscribers', 'products']],
  ['magento2', magentoAsk, ['orders', 'shipments', 'customers', 'carts', 'products']],
];

let shop: PayloadShop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

describe('payloads, parsed by the client of the platform', () => {
  it.each(CLIENTS)('have the same states as parsed by the runtime: %s', async (slug, client, told) => {
    shop = await servePayloads(slug, SAMPLES[slug], Date.UTC(2026, 10, 21, 14));
    const own = ownAsk(shop.url);
    const read = await readAll(shop, own);
    expect(await readAll(shop, client(shop.settings, own))).toEqual(read);
    expect(Object.keys(read).filter((name) => read[name]!.length > 0)).toEqual(
      expect.arrayContaining([...told]),
    );
  });
});
