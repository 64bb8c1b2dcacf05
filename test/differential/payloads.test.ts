import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as bigcommerce from '../../packages/sources/test/bigcommerce/rows.ts';
import { bigcommerceAsk, commercetoolsAsk, magentoAsk } from './clients.ts';
import { type PayloadShop, type Payloads, servePayloads } from './payloads.ts';
import { type Ask, ownAsk, readAll } from './reading.ts';

type Loose = Readonly<Record<string, unknown>>;
const FIXTURES = join(import.meta.dirname, '../../packages/sources/test');
const fixture = (platform: string, name: string): Loose & { readonly items: readonly Loose[] } =>
  JSON.parse(readFileSync(join(FIXTURES, platform, 'fixtures', `${name}.json`), 'utf8'));

/** Payloads that the tests of the sources have: examples of the documentation, and what a Magento has answered. */
const PAYLOADS: readonly (readonly [
  string,
  Payloads,
  (settings: PayloadShop['settings'], own: Ask) => Ask,
  readonly string[],
])[] = [
  [
    'commercetools',
    {
      orders: [{ ...fixture('commercetools', 'order'), customerEmail: 'jane@example.com' }],
      payments: [fixture('commercetools', 'payment')],
      carts: [fixture('commercetools', 'cart')],
      customers: [fixture('commercetools', 'customer')],
      'product-projections': [fixture('commercetools', 'product-projection')],
      reviews: [fixture('commercetools', 'review')],
      'recurring-orders': [fixture('commercetools', 'recurring-order')],
      stores: [],
    },
    commercetoolsAsk,
    ['orders', 'carts', 'customers', 'products', 'reviews', 'subscriptions'],
  ],
  [
    'bigcommerce',
    {
      'v2/orders': [bigcommerce.order],
      'v2/orders/250/coupons': [{ code: 'TEN' }],
      'v2/orders/250/shipments': [bigcommerce.shipment],
      'v3/orders/payment_actions/refunds': [bigcommerce.refund],
      'v3/customers': [bigcommerce.customer],
      'v3/customers/attributes': [],
      'v3/customers/subscribers': [bigcommerce.subscriber],
      'v2/customer_groups': [],
      'v3/catalog/products': [bigcommerce.product],
      [`v3/catalog/products/${bigcommerce.product.id}`]: { data: bigcommerce.product, meta: {} },
      [`v3/catalog/products/${bigcommerce.product.id}/reviews`]: [bigcommerce.review],
      'v3/catalog/categories': [],
      'v3/catalog/brands': [],
      'v2/store': { currency: 'EUR', secure_url: 'https://shop.example', language: 'de' },
    },
    bigcommerceAsk,
    ['orders', 'refunds', 'customers', 'subscribers', 'products'],
  ],
  [
    'magento2',
    {
      orders: ['placed', 'guest', 'cancelled', 'after-refunds', 'eur-base-usd'].map((name) =>
        fixture('magento2', `order.${name}`),
      ),
      creditmemos: fixture('magento2', 'creditmemos.search').items,
      shipments: fixture('magento2', 'shipments.search').items,
      'customers/search': fixture('magento2', 'customers.search').items,
      'carts/search': [
        fixture('magento2', 'cart.active.customer'),
        ...fixture('magento2', 'carts.search.guest-with-email').items,
      ],
      products: fixture('magento2', 'products.search').items,
      'categories/list': [],
      'customerGroups/search': [],
      'store/storeConfigs': fixture('magento2', 'storeConfigs'),
      'store/storeViews': [{ id: 1, code: 'default', name: 'Default Store View', website_id: 1 }],
      'store/websites': [{ id: 1, code: 'base', name: 'Main Website' }],
    },
    magentoAsk,
    ['orders', 'shipments', 'customers', 'carts', 'products'],
  ],
];

let shop: PayloadShop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

describe('payloads, parsed by the client of the platform', () => {
  it.each(PAYLOADS)(
    'tell the same states as parsed by the runtime: %s',
    async (slug, payloads, client, told) => {
      shop = await servePayloads(slug, payloads, Date.UTC(2026, 10, 21, 14));
      const own = ownAsk(shop.url);
      const read = await readAll(shop, own);
      expect(await readAll(shop, client(shop.settings, own))).toEqual(read);
      expect(Object.keys(read).filter((name) => read[name]!.length > 0)).toEqual(
        expect.arrayContaining([...told]),
      );
    },
  );
});
