import { defineDestination } from '@waybill/core';

import { cartUpdates } from './actions/cart-updates.ts';
import { customEvent } from './actions/custom-event.ts';
import { deleteCatalogItems } from './actions/delete-catalog-items.ts';
import { deleteUserAction } from './actions/delete-user.ts';
import { forgetUserAction } from './actions/forget-user.ts';
import { mergeUsers } from './actions/merge-users.ts';
import { deleteUser } from './actions/removal.ts';
import { subscribeToList } from './actions/subscribe-to-list.ts';
import { trackPage } from './actions/track-page.ts';
import { trackPurchase } from './actions/track-purchase.ts';
import { trackRefund } from './actions/track-refund.ts';
import { unsubscribeFromList } from './actions/unsubscribe-from-list.ts';
import { updateEmail } from './actions/update-email.ts';
import { updateSubscriptions } from './actions/update-subscriptions.ts';
import { upsertCatalogItems } from './actions/upsert-catalog-items.ts';
import { upsertUser } from './actions/upsert-user.ts';
import { testConnection } from './api/connection.ts';
import { rateLimits, readRateLimit } from './api/limits.ts';
import { consents } from './consents.ts';
import { openInstance } from './fields/instance.ts';
import { orders } from './orders.ts';
import { presets } from './presets.ts';
import { projectTypeOf, settings } from './settings.ts';

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
  consents,
  orders,
});
