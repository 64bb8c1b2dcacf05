import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as bigcommerce from '../../packages/sources/test/bigcommerce/rows.ts';
import * as ultracart from '../../packages/sources/test/ultracart/rows.ts';
import type { Payloads } from './payloads.ts';

type Loose = Readonly<Record<string, unknown>>;
const FIXTURES = join(import.meta.dirname, '../../packages/sources/test');
const fixture = (platform: string, name: string): Loose & { readonly items: readonly Loose[] } =>
  JSON.parse(readFileSync(join(FIXTURES, platform, 'fixtures', `${name}.json`), 'utf8'));

/** Payloads that the tests of the sources have: examples of the documentation, and what a Magento has answered. */
export const SAMPLES = {
  commercetools: {
    orders: [{ ...fixture('commercetools', 'order'), customerEmail: 'jane@example.com' }],
    payments: [fixture('commercetools', 'payment')],
    carts: [fixture('commercetools', 'cart')],
    customers: [fixture('commercetools', 'customer')],
    'product-projections': [fixture('commercetools', 'product-projection')],
    reviews: [fixture('commercetools', 'review')],
    'recurring-orders': [fixture('commercetools', 'recurring-order')],
    stores: [],
  },
  bigcommerce: {
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
  magento2: {
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
  ultracart: {
    'order/orders/query': [ultracart.order, ultracart.euroOrder, ultracart.rebill],
    'order/orders/batch': [ultracart.order, ultracart.euroOrder, ultracart.rebill],
    'customer/customers': [ultracart.customer],
    'auto_order/auto_orders': [ultracart.autoOrder],
    'item/items': [ultracart.item],
    [`item/items/${ultracart.item.merchant_item_oid}/reviews`]: [ultracart.review],
  },
} as const satisfies Readonly<Record<string, Payloads>>;
