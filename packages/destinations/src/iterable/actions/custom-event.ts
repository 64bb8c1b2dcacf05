import { defineAction, defineFields, identifiersAt } from '@waybill/core';

import { attributionChoices } from '../api/choices.ts';
import { settings } from '../settings.ts';
import { eventUserFields } from '../users/profile.ts';
import { EVENT_BATCH, sendEvents } from './events.ts';

const fields = defineFields({
  ...eventUserFields,
  eventName: {
    type: 'string',
    label: 'Event Name',
    description: 'Name of the event. Case-sensitive in Iterable.',
    required: true,
    default: { '@path': '$.event' },
  },
  dataFields: {
    type: 'object',
    label: 'Event Data Fields',
    description:
      'Additional data of the event. The first value of a field determines its type for this event name.',
    required: false,
    default: { '@path': '$.properties' },
  },
  id: {
    type: 'string',
    label: 'Event ID',
    description:
      'Identifies the event: a second one with the same ID updates the first instead of adding to it.',
    required: false,
    default: { '@path': '$.messageId' },
  },
  createdAt: {
    type: 'datetime',
    label: 'Timestamp',
    description: 'When the event took place.',
    required: false,
    default: { '@path': '$.timestamp' },
  },
  campaignId: {
    type: 'integer',
    label: 'Campaign ID',
    description: 'The Iterable campaign that the event is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.campaignId' },
  },
  templateId: {
    type: 'integer',
    label: 'Template ID',
    description: 'The Iterable template that the event is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.templateId' },
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether events share calls. Leave this on: Iterable allows only ten bulk calls a second.',
    required: false,
    default: true,
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'Maximum number of events per call, up to 1,000.',
    required: false,
    unsafe_hidden: true,
    default: 1001,
  },
});

/** Records an event of a user. */
export const customEvent = defineAction({
  title: 'Custom Event',
  description: 'Records an event on the profile of a user.',
  defaultTrigger: 'type = "track" and event != "Order Completed" and event != "Cart Updated"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  dynamicFields: attributionChoices,
  batch: EVENT_BATCH,
  send: (items, context) => sendEvents(items, ({ payload }) => payload, context),
});
