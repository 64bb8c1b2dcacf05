import { defineAction, defineFields } from '@waybill/core';
import { readResults } from '../answer.ts';
import { callApi } from '../client.ts';
import { settings } from '../settings.ts';

const fields = defineFields({
  id: {
    type: 'string',
    label: 'Event ID',
    description:
      'Identifies the event, so that the service can distinguish a repeated delivery from a second event.',
    required: true,
    default: { '@path': '$.messageId' },
  },
  name: {
    type: 'string',
    label: 'Event Name',
    description: 'What the user did.',
    required: true,
    default: { '@path': '$.event' },
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description: 'Who did it.',
    default: { '@path': '$.userId' },
  },
  time: {
    type: 'datetime',
    label: 'Time',
    description: 'When it happened.',
    default: { '@path': '$.timestamp' },
  },
  properties: {
    type: 'object',
    label: 'Properties',
    description: 'Everything else about the event.',
    default: { '@path': '$.properties' },
  },
});

/** Sends events, up to a hundred in one call. */
export const sendEvent = defineAction({
  title: 'Send Event',
  description: 'Sends an event to {{name}}.',
  defaultTrigger: 'type = "track"',
  settings,
  fields,
  batch: { maxItems: 100, maxBytes: 500_000 },
  async send(items, context) {
    const events = items.map(({ payload }) => payload);
    return readResults(await callApi('/events', { json: { events } }, context), context, items.length);
  },
});
