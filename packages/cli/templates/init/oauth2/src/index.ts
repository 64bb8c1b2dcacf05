import { defineDestination } from '@waybill/core';
import { AccessTokens } from '@waybill/destinations/http';
import { sendEvent } from './actions/send-event.ts';
import { upsertProfile } from './actions/upsert-profile.ts';
import { testConnection } from './client.ts';
import { presets } from './presets.ts';
import { settings } from './settings.ts';

/** {{name}}. */
export const destination = defineDestination({
  slug: '{{slug}}',
  name: '{{name}}',
  description: 'Sends events and profiles to {{name}}.',
  settings,
  actions: {
    sendEvent,
    upsertProfile,
  },
  // A token is stored with the instance: a restart or an edit of a mapping needs no new one.
  open: (_settings, state) => new AccessTokens(state),
  presets,
  testConnection,
});
