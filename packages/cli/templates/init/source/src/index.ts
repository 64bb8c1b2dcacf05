import { defineSource } from '@waybill/core';
import { testConnection } from './client.ts';
import { customers } from './customers.ts';
import { hints } from './hints.ts';
import { orders } from './orders.ts';
import { settings } from './settings.ts';

/** {{name}}. */
export const source = defineSource({
  slug: '{{slug}}',
  name: '{{name}}',
  description: 'Orders and customers of {{name}}.',
  settings,
  testConnection,
  shop: {
    streams: {
      customers,
      orders,
    },
    // Concurrent calls, and calls per period: they also apply to back-fills.
    limits: { concurrency: 2, quotas: [{ calls: 300, seconds: 60 }] },
    hints,
    capabilities: [
      { what: 'Customers', how: 'both' },
      { what: 'Order Completed', how: 'both' },
      { what: 'Order Refunded', how: 'both' },
      { what: 'Cart Updated', how: 'no', note: 'The API has no carts.' },
    ],
  },
});
