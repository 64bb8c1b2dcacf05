import { type ConnectionResult, defineDestination, EVENT_TYPES } from '@waybill/core';

import { connectionOf } from '../http/index.ts';
import { actions } from './actions.ts';
import { requestOf } from './request.ts';
import { type Context, settings } from './settings.ts';

/** Sends a signed request without an event: a receiver answers it like any other. */
async function testConnection(context: Context): Promise<ConnectionResult> {
  const content = { text: JSON.stringify({ type: 'waybill.test' }), type: 'application/json' };
  const now = context.now();
  const made = requestOf({}, content, { settings: context.settings, keys: [`test ${now}`], now });
  if ('refused' in made) {
    const { code, message } = made.refused;
    return { ok: false, issue: { code, path: '', message } };
  }
  return connectionOf(await context.request(made.call), context);
}

/** A destination for any service that accepts HTTP requests. */
export const webhook = defineDestination({
  slug: 'webhook',
  name: 'Webhook',
  description:
    'Sends a signed HTTP request for each event or for many: method, address, headers and body by mapping.',
  settings,
  actions,
  presets: [
    {
      slug: 'all-events',
      name: 'All Events',
      type: 'automatic',
      action: 'send',
      trigger: EVENT_TYPES.map((type) => `type = "${type}"`).join(' or '),
      mapping: { method: 'POST', body: { '@path': '$.' } },
    },
  ],
  testConnection,
});
