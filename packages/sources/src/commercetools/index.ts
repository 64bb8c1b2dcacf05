import { defineSource } from '@waybill/core';
import { capabilities } from './capabilities.ts';
import { testConnection } from './connection.ts';
import { hints } from './hints.ts';
import { messages } from './streams/messages.ts';
import { payments } from './streams/payments.ts';
import { queue } from './streams/queue.ts';
import { settings } from './settings.ts';
import { carts, customers, orders, products, reviews, subscriptions } from './streams/streams.ts';
import { subscribe } from './subscribe.ts';
import { writeConsent } from './write-consent.ts';

/** A project at commercetools. */
export const commercetools = defineSource({
  slug: 'commercetools',
  name: 'commercetools',
  description:
    'Customers, orders, payments, carts, products, reviews and recurring orders of a commercetools project.',
  settings,
  shop: {
    streams: { customers, products, orders, payments, subscriptions, reviews, carts },
    feeds: { messages, queue },
    // No limits are published: only answers that ask for a delay count.
    limits: { concurrency: 4 },
    hints,
    subscribe,
    writeConsent,
    capabilities,
  },
  testConnection,
});
