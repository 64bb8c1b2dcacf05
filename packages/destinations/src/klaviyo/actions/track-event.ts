import { defineAction, defineFields } from '@waybill/core';

import { personFields } from '../profile/fields.ts';
import { identifiersOf } from '../profile/profile.ts';
import { settings } from '../settings.ts';
import { EVENT_BATCH, sendEvents } from './events.ts';
import { itemsField, togetherOf } from './items.ts';

/** The fields of every event, for all actions. */
export const eventFields = defineFields({
  time: {
    type: 'datetime',
    label: 'Time',
    description: 'When it happened.',
    default: { '@path': '$.timestamp' },
  },
  currency: {
    type: 'string',
    label: 'Currency',
    description: 'The currency of the value, such as EUR.',
    default: { '@path': '$.properties.currency' },
  },
  backfill: {
    type: 'boolean',
    label: 'Back-fill',
    description: 'Whether the event is historical: it is recorded and starts no flow.',
    default: { '@path': '$.context.historical' },
  },
  ...personFields,
});

// Only orders and carts have items, which their presets name.
const { default: _none, ...lines } = itemsField.items;

const fields = defineFields({
  metric: {
    type: 'string',
    label: 'Metric',
    description: 'The name of the event in Klaviyo, of fewer than 128 characters.',
    required: true,
    maximum: 127,
    default: { '@path': '$.event' },
  },
  uniqueId: {
    type: 'string',
    label: 'Unique ID',
    description: 'Klaviyo records an event once for each profile, metric and unique ID.',
    default: { '@path': '$.messageId' },
  },
  properties: {
    type: 'object',
    label: 'Properties',
    description: 'Data of the event: at most 400 members.',
    defaultObjectUI: 'keyvalue',
    default: { '@path': '$.properties' },
  },
  items: {
    ...lines,
    description:
      'Lines under the names that Klaviyo uses: the event gets Items, and ItemNames, Categories, Brands and ItemCount for all of them.',
  },
  value: {
    type: 'number',
    label: 'Value',
    description: 'An amount of money, such as the total of an order.',
    default: { '@path': '$.properties.value' },
  },
  ...eventFields,
});

/** Sends any event. */
export const trackEvent = defineAction({
  title: 'Track Event',
  description: 'Records an event of a person, and creates the profile if there is none.',
  defaultTrigger: 'type = "track"',
  settings,
  fields,
  identifiers: identifiersOf,
  batch: EVENT_BATCH,
  send: (items, context) =>
    sendEvents(
      items,
      ({ key, payload: { metric, uniqueId = key, properties = {}, items: rows = [], ...rest } }) => [
        { ...rest, metric, uniqueId, properties: { ...properties, ...togetherOf(rows) } },
      ],
      context,
    ),
});
