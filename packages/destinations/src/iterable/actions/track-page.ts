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
    description:
      'The event name under which page views are recorded. Use one name for all pages: Iterable stores the fields of every event name, and limits their number. The name of the page is in the data fields.',
    required: true,
    default: 'Page Viewed',
  },
  dataFields: {
    type: 'object',
    label: 'Event Data Fields',
    description:
      'Additional data of the view. The first value of a field determines its type for this event name.',
    required: false,
    default: {
      '@merge': {
        direction: 'right',
        objects: [
          { name: { '@path': '$.name' }, category: { '@path': '$.category' } },
          { '@path': '$.properties' },
        ],
      },
    },
  },
  id: {
    type: 'string',
    label: 'Event ID',
    description:
      'Identifies the view: a second one with the same ID updates the first instead of adding to it.',
    required: false,
    default: { '@path': '$.messageId' },
  },
  createdAt: {
    type: 'datetime',
    label: 'Timestamp',
    description: 'When the page was viewed.',
    required: false,
    default: { '@path': '$.timestamp' },
  },
  campaignId: {
    type: 'integer',
    label: 'Campaign ID',
    description: 'The Iterable campaign that the view is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.campaignId' },
  },
  templateId: {
    type: 'integer',
    label: 'Template ID',
    description: 'The Iterable template that the view is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.templateId' },
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether views share calls. Leave this on: Iterable allows only ten bulk calls a second.',
    required: false,
    default: true,
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'Maximum number of views per call, up to 1,000.',
    required: false,
    unsafe_hidden: true,
    default: 1000,
  },
});

/** Records the view of a page. */
export const trackPage = defineAction({
  title: 'Track Page View',
  description: 'Records a page view as an event on the profile of a user.',
  defaultTrigger: 'type = "page"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  dynamicFields: attributionChoices,
  batch: EVENT_BATCH,
  send: (items, context) => sendEvents(items, ({ payload }) => payload, context),
});
