import { afterEach, describe, expect, it } from 'vitest';
import { createShopSandbox, type Platform, type ShopSandbox } from '@waybill/shop-sandboxes';
import { bigcommerceAsk, commercetoolsAsk, magentoAsk } from './clients.ts';
import { type Ask, ownAsk, readAll } from './reading.ts';

const START = Date.UTC(2026, 0, 5);

let shop: ShopSandbox | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

type Client = (settings: ShopSandbox['settings'], own: Ask) => Ask;
const CLIENTS: readonly (readonly [Platform, Client])[] = [
  ['commercetools', commercetoolsAsk],
  ['bigcommerce', bigcommerceAsk],
  ['magento2', magentoAsk],
];

describe('a shop after its day, read by the client of its platform', () => {
  it.each(CLIENTS)('has the same states as read by the runtime: %s', async (platform, client) => {
    shop = await createShopSandbox({ platform, start: START, limits: false });
    await shop.play('all');
    const { settings, url } = shop;
    // Carts of BigCommerce are in no list.
    const ids = { carts: shop.model.tables.cart.all().map(({ uuid }) => uuid) };
    const of = { slug: platform, settings, now: Date.now(), ...(platform === 'bigcommerce' ? { ids } : {}) };
    const own = ownAsk(url);
    const read = await readAll(of, own);
    expect(await readAll(of, client(settings, own))).toEqual(read);
    expect(read['carts']).not.toEqual([]);
    expect(read['orders']!.length).toBeGreaterThan(shop.model.tables.order.size);
  });
});
