import { defineAction, defineFields, type Item, type Outcome, type Payload, rejected } from '@waybill/core';

import { type BulkEndpoint, sendBulk } from './bulk.ts';
import { epochSeconds, withIterableDates } from './dates.ts';
import { stableId } from './ids.ts';
import { withNotes } from './outcomes.ts';
import { eventUserFields, identifierOf, identityOf } from './profile.ts';
import { type Context, projectTypeOf, settings } from './settings.ts';

const fields = defineFields({
  ...eventUserFields,
  eventName: {
    type: 'string',
    label: 'Event Name',
    description: 'Name of the event. Iterable tells upper and lower case apart.',
    required: true,
    default: { '@path': '$.event' },
  },
  dataFields: {
    type: 'object',
    label: 'Event Data Fields',
    description: 'Further data of the event. The first value of a field fixes its type for this event name.',
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
    default: { '@path': '$.properties.campaignId' },
  },
  templateId: {
    type: 'integer',
    label: 'Template ID',
    description: 'The Iterable template that the event is attributed to.',
    required: false,
    default: { '@path': '$.properties.templateId' },
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether events share calls. Iterable allows only ten bulk calls a second, so leave it on.',
    required: false,
    default: true,
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'The most events in one call; at most 1,000 are sent, whatever stands here.',
    required: false,
    unsafe_hidden: true,
    default: 1001,
  },
});

type CustomEvent = Payload<typeof fields>;

/** Records an event of a user. */
export const customEvent = defineAction({
  title: 'Custom Event',
  description: 'Records an event on the profile of a user.',
  defaultTrigger: 'type = "track" and event != "Order Completed" and event != "Cart Updated"',
  settings,
  fields,
  identifiers: ({ email, userId }) => ({ email, userId }),
  batch: {
    maxItems: 1_000,
    // As for users; of events Iterable publishes no figure.
    maxBytes: 3_600_000,
  },
  send: trackEvents,
});

async function trackEvents(
  items: readonly Item<CustomEvent>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = items.map(unreadableTime);
  const good = items.filter((_item, index) => outcomes[index] === undefined);
  const sent = good.length === 0 ? [] : await sendBulk(good.map(eventBody), eventsEndpoint(context), context);
  let next = 0;
  return items.map((item, index) => outcomes[index] ?? withNotes(sent[next++]!, identityOf(item).notes));
}

/** Nothing but what the endpoint knows: the payload has members that are no part of an event. */
function eventBody(item: Item<CustomEvent>): Readonly<Record<string, unknown>> {
  const { eventName, id, createdAt, dataFields, campaignId, templateId } = item.payload;
  return {
    // One identifier: with two that are of two profiles, the event would be refused or go to either.
    ...identifierOf(identityOf(item)),
    eventName,
    id: id ?? stableId(item),
    createdAt: epochSeconds(createdAt ?? item.event.timestamp),
    ...(dataFields === undefined ? {} : { dataFields: withIterableDates(dataFields) }),
    ...(campaignId === undefined ? {} : { campaignId }),
    ...(templateId === undefined ? {} : { templateId }),
  };
}

function unreadableTime({ payload }: Item<CustomEvent>): Outcome | undefined {
  if (payload.createdAt === undefined || epochSeconds(payload.createdAt) !== undefined) return undefined;
  return rejected('payload_invalid_format', `"${payload.createdAt}" is no point in time.`, 'createdAt');
}

function eventsEndpoint(context: Context): BulkEndpoint {
  const unknown = {
    code: 'destination_user_not_found',
    message:
      projectTypeOf(context.settings) === 'email'
        ? 'Iterable does not know the user. An event makes no profile in an e-mail project: send identify with the e-mail address first.'
        : 'Iterable does not know the user.',
  } as const;
  return {
    path: '/api/events/trackBulk',
    list: 'events',
    meanings: {
      'failedUpdates.notFoundEmails': unknown,
      'failedUpdates.notFoundUserIds': unknown,
      // Of events this old list names user IDs that were not found, other than of users.
      invalidUserIds: unknown,
    },
  };
}
