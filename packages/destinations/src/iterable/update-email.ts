import {
  defineAction,
  defineFields,
  delivered,
  forgetPair,
  type Identity,
  type Item,
  type Outcome,
  type Payload,
  rejected,
  rememberPair,
  resolveIdentity,
} from '@waybill/core';

import { callIterable } from './client.ts';
import { identitiesOf } from './identities.ts';
import { isRecord } from './json.ts';
import { forgetKnown } from './known-users.ts';
import { withExchanges, withNotes } from './outcomes.ts';
import { normalEmail } from './profile.ts';
import { type Context, projectTypeOf, settings } from './settings.ts';
import { isUnknownUser, oneByOne, sendSingle } from './single.ts';
import { writeUsers } from './upsert-user.ts';
import { isEarly, waitOrReject } from './waiting.ts';

const fields = defineFields({
  email: {
    type: 'string',
    label: 'Present Email Address',
    description:
      'The address that the profile has now. E-mail projects find the profile by it, other projects only when there is no user ID.',
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
      'Your own ID of the user. UserID and hybrid projects find the profile by it; e-mail projects when there is no present address.',
    required: false,
    default: { '@path': '$.userId' },
  },
  newEmail: {
    type: 'string',
    label: 'New Email Address',
    description:
      'The address that the profile gets. Iterable may take a minute until the profile is found by it, and refuses one that another profile has.',
    required: true,
    default: { '@path': '$.properties.email' },
  },
});

type EmailChange = Payload<typeof fields>;

/** Changes the e-mail address of a profile. */
export const updateEmail = defineAction({
  title: 'Update Email',
  description:
    'Changes the e-mail address of a profile: with users/updateEmail in an e-mail project, where the address is what names the profile, and as a data field of the profile in the others.',
  defaultTrigger: 'type = "track" and event == "Email Changed"',
  settings,
  fields,
  identifiers: ({ email, userId }) => ({ email, userId }),
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
            // The profile is named by the present identifiers; the new address is what is written to it.
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

function malformedAddress(address: string): Outcome | undefined {
  const checked = resolveIdentity({ projectType: 'email', email: address });
  return checked.ok ? undefined : rejected('identity_invalid_email', checked.issue.message, 'newEmail');
}

async function moveAddresses(
  items: readonly Item<EmailChange>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const identities = await identitiesOf(items, context);
  return oneByOne(items, async (item, index) => {
    const identity = identities[index]!;
    return withNotes(await moveAddress(item, identity, context), identity.notes);
  });
}

async function moveAddress(
  { payload, attempt }: Item<EmailChange>,
  identity: Identity,
  context: Context,
): Promise<Outcome> {
  const newEmail = payload.newEmail.trim();
  const { by, email, userId } = identity;
  if (email !== undefined && normalEmail(email) === normalEmail(newEmail)) {
    return delivered('The profile has this address already.');
  }
  const current = by === 'email' ? { currentEmail: email } : { currentUserId: userId };
  const { outcome } = await sendSingle(
    { path: '/api/users/updateEmail', json: { ...current, newEmail } },
    context,
  );
  if (outcome.status === 'delivered') {
    await rememberMove(identity, newEmail, context);
    return outcome;
  }
  if (outcome.status === 'rejected' && outcome.code === 'destination_identity_conflict') {
    return { ...outcome, field: 'newEmail' };
  }
  if (outcome.status !== 'rejected' || !isUnknownUser(outcome)) return outcome;
  // The answer to an earlier attempt may have been lost: then the profile is under its new address already.
  const found = await profileOf(newEmail, context);
  const exchanges = [...(outcome.exchanges ?? []), found.exchange];
  const moved = found.there && (!isEarly(attempt) || (userId !== undefined && found.userId === userId));
  if (moved) return { ...delivered('The profile has this address already.'), exchanges };
  return withExchanges(
    waitOrReject(outcome.code, 'Iterable does not know the user.', attempt, by),
    exchanges,
  );
}

async function profileOf(
  email: string,
  context: Context,
): Promise<{ readonly there: boolean; readonly userId: unknown; readonly exchange: number }> {
  const answer = await callIterable(
    { method: 'GET', path: '/api/users/getByEmail', query: { email } },
    context,
  );
  const user = answer.kind === 'accepted' ? answer.body['user'] : undefined;
  const known = isRecord(user);
  return { there: known, userId: known ? user['userId'] : undefined, exchange: answer.exchange };
}

async function rememberMove(identity: Identity, newEmail: string, context: Context): Promise<void> {
  const { memory } = context;
  const { email, userId } = identity;
  // The old address names nobody from now on.
  await forgetKnown(identity, context);
  if (memory === undefined) return;
  await forgetPair(memory, { email, userId });
  if (userId !== undefined) await rememberPair(memory, newEmail, userId);
}
