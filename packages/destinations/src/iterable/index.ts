import { defineDestination } from '@waybill/core';

import { cartUpdates } from './cart-updates.ts';
import { testConnection } from './connection.ts';
import { customEvent } from './custom-event.ts';
import { deleteCatalogItems } from './delete-catalog-items.ts';
import { deleteUserAction } from './delete-user.ts';
import { forgetUserAction } from './forget-user.ts';
import { openInstance } from './instance.ts';
import { rateLimits, readRateLimit } from './limits.ts';
import { mergeUsers } from './merge-users.ts';
import { presets } from './presets.ts';
import { deleteUser } from './removal.ts';
import { projectTypeOf, settings } from './settings.ts';
import { subscribeToList } from './subscribe-to-list.ts';
import { trackPage } from './track-page.ts';
import { trackPurchase } from './track-purchase.ts';
import { trackRefund } from './track-refund.ts';
import { unsubscribeFromList } from './unsubscribe-from-list.ts';
import { updateEmail } from './update-email.ts';
import { updateSubscriptions } from './update-subscriptions.ts';
import { upsertCatalogItems } from './upsert-catalog-items.ts';
import { upsertUser } from './upsert-user.ts';

/** Iterable: profiles, events, carts, purchases, subscriptions, lists and catalogs. */
export const iterable = defineDestination({
  slug: 'iterable',
  name: 'Iterable',
  description:
    'Keeps profiles, events, carts, purchases, subscriptions and catalogs of your shop in an Iterable project.',
  settings,
  actions: {
    updateUser: upsertUser,
    trackEvent: customEvent,
    updateCart: cartUpdates,
    trackPurchase,
    trackPage,
    trackRefund,
    updateEmail,
    updateSubscriptions,
    subscribeToList,
    unsubscribeFromList,
    mergeUsers,
    deleteUser: deleteUserAction,
    forgetUser: forgetUserAction,
    upsertCatalogItems,
    deleteCatalogItems,
  },
  presets,
  maxMappings: 50,
  projectType: projectTypeOf,
  open: openInstance,
  rateLimits,
  readRateLimit,
  testConnection,
  deleteUser,
});
