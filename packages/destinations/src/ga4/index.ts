import { type Action, type ConnectionResult, defineDestination, type Preset } from '@waybill/core';

import { addressBelow } from '../http/address.ts';
import { connectionOf } from '../http/answer.ts';
import { actions } from './actions.ts';
import { baseOf, type Context, settings } from './settings.ts';

/** Actions with an automatic mapping: for the event of the e-commerce spec, with the defaults of its fields. */
const AUTOMATIC = Object.entries<Action>(actions).filter(([name]) => name !== 'customEvent');

/** Old events are refused, so historical ones are left out. */
const LIVE = 'and context.historical != true';

const presets = AUTOMATIC.map(([action, { title, defaultTrigger, fields }]): Preset => ({
  slug: title.toLowerCase().replaceAll(' ', '-'),
  name: title,
  type: 'automatic',
  action,
  trigger: `${defaultTrigger} ${LIVE}`,
  mapping: Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  ),
}));

/** The debug endpoint validates an event; Google never reports a wrong secret. */
async function testConnection(context: Context): Promise<ConnectionResult> {
  const { settings: given, request } = context;
  const answer = await request({
    method: 'POST',
    url: addressBelow(baseOf(given), 'debug/mp/collect'),
    query: { measurement_id: given.measurementId, api_secret: given.apiSecret },
    json: { client_id: 'waybill.test', events: [{ name: 'connection_test', params: {} }] },
  });
  const result = connectionOf(answer, context);
  if (!result.ok) return result;
  return {
    ok: true,
    message:
      'Google Analytics responds, but does not report whether ID and secret are correct: check for events under Realtime.',
  };
}

/** Google Analytics 4, by the Measurement Protocol. */
export const ga4 = defineDestination({
  slug: 'ga4',
  name: 'Google Analytics 4',
  description: 'Records orders, refunds, carts and products in Google Analytics, under the IDs of the shop.',
  settings,
  actions,
  presets,
  testConnection,
});
