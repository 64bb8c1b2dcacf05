import {
  defineAction,
  defineFields,
  identifiersAt,
  type Item,
  type Outcome,
  type Payload,
} from '@waybill/core';

import { listChoices } from '../api/choices.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, projectTypeOf, settings } from '../settings.ts';
import { eventUserFields, identifierOf, placeholder, projectOf } from '../users/profile.ts';
import { LIST_BATCH, listBatchFields, listField, sendMembers } from './list-members.ts';

const fields = defineFields({
  ...listField,
  ...eventUserFields,
  dataFields: {
    type: 'object',
    label: 'User Data Fields',
    description:
      'What to store on the profile along with it. A member that is null is removed from the profile.',
    required: false,
  },
  mergeNestedObjects: {
    type: 'boolean',
    label: 'Merge Nested Objects',
    description:
      'Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.',
    required: false,
    default: false,
  },
  updateExistingUsersOnly: {
    type: 'boolean',
    label: 'Existing Users Only',
    description:
      'UserID and hybrid projects only: whether unknown users are ignored instead of created. Not sent in an e-mail project.',
    required: false,
    default: false,
  },
  ...listBatchFields,
});

type Subscription = Payload<typeof fields>;

/** Adds users to a list. */
export const subscribeToList = defineAction({
  title: 'Subscribe to List',
  description: 'Adds a user to a list, and creates the profile if there is none.',
  defaultTrigger: 'type = "track" and event == "Audience Entered"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  dynamicFields: { listId: listChoices },
  batch: {
    ...LIST_BATCH,
    groupBy: ({ listId, updateExistingUsersOnly }) => `${listId} ${updateExistingUsersOnly === true}`,
  },
  send: subscribe,
});

async function subscribe(
  items: readonly Item<Subscription>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const { listId, updateExistingUsersOnly } = items[0]!.payload;
  const email = projectTypeOf(context.settings) === 'email';
  const unknown = {
    code: 'destination_user_not_found',
    message: email
      ? 'Iterable does not know this user ID, and an e-mail project creates no user without an e-mail address. Send identify with both first.'
      : 'Iterable does not know the user, and only known users are added to the list.',
  } as const;
  const { guard } = instanceOf(context);
  await guard.ready(context);
  const checked = items.map(({ payload }) =>
    payload.dataFields === undefined ? undefined : guard.check('user', payload.dataFields),
  );
  const project = projectOf(context);
  return sendMembers(
    items,
    (index, identity) => {
      const { mergeNestedObjects } = items[index]!.payload;
      const dataFields = checked[index]?.fields;
      return {
        ...identifierOf(identity),
        ...(dataFields === undefined ? {} : { dataFields }),
        ...(dataFields === undefined || mergeNestedObjects === undefined ? {} : { mergeNestedObjects }),
        ...placeholder(identity, project),
      };
    },
    {
      path: '/api/lists/subscribe',
      list: 'subscribers',
      beside: { listId, ...(!email && updateExistingUsersOnly === true ? { updateExistingUsersOnly } : {}) },
      meanings: {
        'failedUpdates.notFoundEmails': unknown,
        'failedUpdates.notFoundUserIds': unknown,
        ...(email ? { invalidUserIds: unknown, 'failedUpdates.invalidUserIds': unknown } : {}),
      },
    },
    checked.map((one) => one?.notes ?? []),
    context,
  );
}
