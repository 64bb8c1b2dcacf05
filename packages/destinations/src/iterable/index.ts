import { defineDestination } from '@waybill/core';

import { cartUpdates } from './cart-updates.ts';
import { testConnection } from './connection.ts';
import { customEvent } from './custom-event.ts';
import { rateLimits, readRateLimit } from './limits.ts';
import { presets } from './presets.ts';
import { projectTypeOf, settings } from './settings.ts';
import { trackPurchase } from './track-purchase.ts';
import { upsertUser } from './upsert-user.ts';

/** Iterable: profiles, events, carts and purchases. */
export const iterable = defineDestination({
  slug: 'iterable',
  name: 'Iterable',
  description: 'Keeps profiles, events, carts and purchases of your users in an Iterable project.',
  settings,
  actions: {
    updateUser: upsertUser,
    trackEvent: customEvent,
    updateCart: cartUpdates,
    trackPurchase,
  },
  presets,
  maxMappings: 50,
  projectType: projectTypeOf,
  rateLimits,
  readRateLimit,
  testConnection,
});
