import { defineSource } from '@waybill/core';
import { limits } from './api.ts';
import { capabilities } from './capabilities.ts';
import { testConnection } from './connection.ts';
import { hints } from './hints.ts';
import { settings } from './settings.ts';
import { autoOrders } from './streams/auto-orders.ts';
import { carts } from './streams/carts.ts';
import { customers } from './streams/customers.ts';
import { orders, payments, refunds, shipments } from './streams/orders.ts';
import { products, reviews } from './streams/products.ts';
import { subscribe } from './subscribe.ts';
import { writeConsent } from './write-consent.ts';

/** A merchant at UltraCart. */
export const ultracart = defineSource({
  slug: 'ultracart',
  name: 'UltraCart',
  description:
    'Customers, orders, refunds, shipments, abandoned carts, consent, items, reviews and auto orders of an UltraCart merchant.',
  settings,
  shop: {
    streams: { customers, products, orders, payments, shipments, refunds, autoOrders, reviews, carts },
    limits,
    hints,
    subscribe,
    writeConsent,
    capabilities,
  },
  testConnection,
});
