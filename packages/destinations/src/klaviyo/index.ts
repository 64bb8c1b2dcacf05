import { defineDestination } from '@waybill/core';

import { deleteProfile, deleteUser } from './actions/delete-profile.ts';
import { addToList, removeFromList } from './actions/list-members.ts';
import { orderedProducts } from './actions/ordered-products.ts';
import { subscribe, unsubscribe } from './actions/subscriptions.ts';
import { trackEvent } from './actions/track-event.ts';
import { upsertProfile } from './actions/upsert-profile.ts';
import { rateLimits } from './api/limits.ts';
import { testConnection } from './connection.ts';
import { presets } from './presets.ts';
import { settings } from './settings.ts';

/** Klaviyo: profiles, events, orders, lists and consent. */
export const klaviyo = defineDestination({
  slug: 'klaviyo',
  name: 'Klaviyo',
  description: 'Keeps profiles, events, orders, lists and consent of your shop in a Klaviyo account.',
  settings,
  actions: {
    upsertProfile,
    trackEvent,
    orderedProducts,
    addToList,
    removeFromList,
    subscribe,
    unsubscribe,
    deleteProfile,
  },
  presets,
  rateLimits,
  testConnection,
  deleteUser,
});
