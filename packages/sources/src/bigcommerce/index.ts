import { defineSource } from '@waybill/core';
import { leftOf } from './api.ts';
import { capabilities } from './capabilities.ts';
import { testConnection } from './connection.ts';
import { hints } from './hints.ts';
import { withLookups } from './lookups.ts';
import { settings } from './settings.ts';
import { abandonedCarts, carts } from './streams/carts.ts';
import { customers } from './streams/customers.ts';
import { orders } from './streams/orders.ts';
import { products, reviews } from './streams/products.ts';
import { refunds } from './streams/refunds.ts';
import { subscribers } from './streams/subscribers.ts';
import { subscribe } from './subscribe.ts';
import { writeConsent } from './write-consent.ts';

/** A store at BigCommerce. */
export const bigcommerce = defineSource({
  slug: 'bigcommerce',
  name: 'BigCommerce',
  description:
    'Customers, orders, refunds, shipments, carts, subscribers, products and reviews of a BigCommerce store.',
  settings,
  shop: {
    streams: {
      customers: withLookups(customers),
      products: withLookups(products),
      subscribers: withLookups(subscribers),
      orders: withLookups(orders),
      refunds: withLookups(refunds),
      reviews,
      carts: withLookups(carts),
      abandonedCarts: withLookups(abandonedCarts),
    },
    // The number of calls depends on the plan: each answer says how many are left.
    limits: { concurrency: 4, left: leftOf },
    hints,
    subscribe,
    writeConsent,
    capabilities,
  },
  testConnection,
});
