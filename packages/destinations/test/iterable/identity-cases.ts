import type { Event } from '@waybill/core';

import { event } from '../harness.ts';

/** Identifiers that an event can carry, in the words of the table. */
export const IDENTIFIERS = {
  none: {},
  'e-mail': { email: 'ada@example.com' },
  'user ID': { userId: 'u-1' },
  'e-mail and user ID': { email: 'ada@example.com', userId: 'u-1' },
  'malformed e-mail': { email: 'ada@' },
  'malformed e-mail and user ID': { email: 'ada@', userId: 'u-1' },
  'user ID of 60 characters': { userId: 'x'.repeat(60) },
  'e-mail and user ID of 60 characters': { email: 'ada@example.com', userId: 'x'.repeat(60) },
} as const;

/** The actions, each with an event that it is for. */
export const EVENTS: Readonly<Record<string, (ids: { email?: string; userId?: string }) => Event>> = {
  updateUser: ({ email, userId }) =>
    event({
      type: 'identify',
      ...own(userId),
      traits: { plan: 'pro', ...(email === undefined ? {} : { email }) },
    }),
  trackEvent: (ids) => track('Product Viewed', ids, { sku: 'tea' }),
  updateCart: (ids) => track('Cart Updated', ids, { products: [LINE] }),
  trackPurchase: (ids) =>
    track('Order Completed', ids, { order_id: 'o-1', total: 9, currency: 'EUR', products: [LINE] }),
};

const LINE = { product_id: 'p-1', name: 'Tea', price: 4.5, quantity: 2 };

function track(
  name: string,
  { email, userId }: { email?: string; userId?: string },
  properties: Readonly<Record<string, unknown>>,
): Event {
  return event({
    type: 'track',
    event: name,
    ...own(userId),
    properties,
    ...(email === undefined ? {} : { context: { traits: { email } } }),
  });
}

function own(userId: string | undefined): { anonymousId: string; userId?: string } {
  return { anonymousId: 'visitor', ...(userId === undefined ? {} : { userId }) };
}
