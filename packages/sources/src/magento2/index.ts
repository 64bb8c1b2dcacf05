import { defineSource } from '@waybill/core';

import { capabilities } from './capabilities.ts';
import { carts } from './streams/carts.ts';
import { testConnection } from './connection.ts';
import { customers, newsletter } from './streams/customers.ts';
import { hints } from './hints.ts';
import { journal } from './streams/journal.ts';
import { orders, shipments } from './streams/orders.ts';
import { products } from './streams/products.ts';
import { settings } from './settings.ts';
import { writeConsent } from './write-consent.ts';

/** Magento 2 and Adobe Commerce. */
export const magento2 = defineSource({
  slug: 'magento2',
  name: 'Magento 2',
  description:
    'Customers, orders, carts, products and newsletter of Magento Open Source, Adobe Commerce and Adobe Commerce as a Cloud Service.',
  settings,
  shop: {
    streams: { products, customers, orders, shipments, newsletter, carts },
    feeds: { journal },
    // Magento itself has no limit; a proxy may answer 429, and the shop uses the same database.
    limits: { concurrency: 2 },
    hints,
    writeConsent,
    capabilities,
  },
  testConnection,
});
