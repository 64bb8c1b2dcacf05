import {
  defineAction,
  defineFields,
  identifiersAt,
  type Item,
  type Outcome,
  type Payload,
} from '@waybill/core';

import { withNotes } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import { type Context, projectTypeOf, settings } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { malformedAddress, moveAddress } from '../users/move-address.ts';
import { writeUsers } from '../users/write-users.ts';

const fields = defineFields({
  email: {
    type: 'string',
    label: 'Current Email Address',
    description:
      'The current address of the profile. E-mail projects find the profile by it, other projects only if there is no user ID.',
    required: false,
    default: {
      '@if': {
        exists: { '@path': '$.properties.previous_email' },
        then: { '@path': '$.properties.previous_email' },
        else: { '@path': '$.context.traits.email' },
      },
    },
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description:
      'Your own ID of the user. UserID and hybrid projects find the profile by it; e-mail projects if there is no current address.',
    required: false,
    default: { '@path': '$.userId' },
  },
  newEmail: {
    type: 'string',
    label: 'New Email Address',
    description:
      'The new address of the profile. Iterable may take a minute until it finds the profile by it, and refuses an address that another profile has.',
    required: true,
    default: { '@path': '$.properties.email' },
  },
});

type EmailChange = Payload<typeof fields>;

/** Changes the e-mail address of a profile. */
export const updateEmail = defineAction({
  title: 'Update Email',
  description:
    'Changes the e-mail address of a profile: with users/updateEmail in an e-mail project, where the address identifies the profile, and as a data field of the profile in other projects.',
  defaultTrigger: 'type = "track" and event == "Email Changed"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  batch: { maxItems: 1_000, maxBytes: 3_600_000, oneItemPerUser: true },
  send: changeEmails,
});

async function changeEmails(
  items: readonly Item<EmailChange>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const malformed = items.map(({ payload }) => malformedAddress(payload.newEmail));
  const good = items.filter((_item, index) => malformed[index] === undefined);
  const sent =
    good.length === 0
      ? []
      : projectTypeOf(context.settings) === 'email'
        ? await moveAddresses(good, context)
        : await writeUsers(
            good,
            // The current identifiers name the profile; the new address is written to it.
            ({ payload: { email, userId, newEmail } }) => ({
              email,
              userId,
              dataFields: { email: newEmail },
            }),
            { addressMayGo: false },
            context,
          );
  let next = 0;
  return items.map((_item, index) => malformed[index] ?? sent[next++]!);
}

async function moveAddresses(
  items: readonly Item<EmailChange>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const identities = await identitiesOf(items, context);
  return oneByOne(items, async (item, index) => {
    const identity = identities[index]!;
    const { newEmail } = item.payload;
    return withNotes(await moveAddress(newEmail, item.attempt, identity, context), identity.notes);
  });
}
