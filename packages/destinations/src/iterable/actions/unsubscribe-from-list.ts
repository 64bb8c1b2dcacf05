import {
  defineAction,
  defineFields,
  identifiersAt,
  type Item,
  type Outcome,
  type Payload,
} from '@waybill/core';

import { campaignChoices, listChoices } from '../api/choices.ts';
import { type Context, settings } from '../settings.ts';
import { eventUserFields, identifierOf } from '../users/profile.ts';
import { LIST_BATCH, listBatchFields, listField, sendMembers } from './list-members.ts';

const fields = defineFields({
  ...listField,
  ...eventUserFields,
  campaignId: {
    type: 'integer',
    label: 'Campaign ID',
    description: 'The Iterable campaign that the unsubscribe is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.campaignId' },
  },
  channelUnsubscribe: {
    type: 'boolean',
    label: 'Unsubscribe from Channel',
    description:
      'Whether the user is also unsubscribed from the channel of the list, and so receives no more messages in it.',
    required: false,
    default: false,
  },
  ...listBatchFields,
});

type Unsubscription = Payload<typeof fields>;

/** Removes users from a list. */
export const unsubscribeFromList = defineAction({
  title: 'Unsubscribe from List',
  description: 'Removes a user from a list. Nothing else changes for the user, unless you enable it.',
  defaultTrigger: 'type = "track" and event == "Audience Exited"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  dynamicFields: { listId: listChoices, campaignId: campaignChoices },
  batch: {
    ...LIST_BATCH,
    groupBy: ({ listId, campaignId, channelUnsubscribe }) =>
      `${listId} ${campaignId} ${channelUnsubscribe === true}`,
  },
  send: unsubscribe,
});

async function unsubscribe(
  items: readonly Item<Unsubscription>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const { listId, campaignId, channelUnsubscribe } = items[0]!.payload;
  const channelToo = channelUnsubscribe === true;
  // A user who is not on the list is already removed; but the channel was not unsubscribed.
  const absent = channelToo
    ? ({
        code: 'destination_user_not_found',
        message:
          'The user is unknown to Iterable or not on this list, so the channel was not unsubscribed either.',
      } as const)
    : ({ code: 'unchanged', message: 'The user is unknown to Iterable or not on this list.' } as const);
  return sendMembers(
    items,
    (_index, identity) => identifierOf(identity),
    {
      path: '/api/lists/unsubscribe',
      list: 'subscribers',
      beside: {
        listId,
        ...(campaignId === undefined ? {} : { campaignId }),
        ...(channelToo ? { channelUnsubscribe } : {}),
      },
      meanings: { 'failedUpdates.notFoundEmails': absent, 'failedUpdates.notFoundUserIds': absent },
    },
    items.map(() => []),
    context,
  );
}
