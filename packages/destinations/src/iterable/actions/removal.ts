import {
  defineFields,
  type DeletionRequest,
  forgetPair,
  type Identity,
  type Item,
  type Outcome,
  recallIdentifiers,
  rejected,
  resolveIdentity,
  retry,
  skipped,
} from '@waybill/core';

import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import { isUnknownUser, sendSingle } from '../api/single.ts';
import { isEarly, READ_LAG } from '../api/waiting.ts';
import { type Context, projectTypeOf } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { forgetKnown } from '../users/known-users.ts';
import { eventUserFields } from '../users/profile.ts';
import { readProfile } from '../users/read-profiles.ts';

/** The fields that name the user to delete or to forget. */
export const removalFields = defineFields(eventUserFields);

/** Creates the `send` of an action that removes users in one of the two ways. */
export function removal(
  remove: typeof removeUser,
): (items: readonly Item[], context: Context) => Promise<readonly Outcome[]> {
  return async (items, context) => {
    const identities = await identitiesOf(items, context);
    return oneByOne(items, async ({ attempt }, index) => {
      const identity = identities[index]!;
      return withNotes(await remove(identity, attempt, context), identity.notes);
    });
  };
}

/** Deletes the profile of a user. A later event creates it again. */
export async function removeUser(identity: Identity, attempt: number, context: Context): Promise<Outcome> {
  const { by, email, userId } = identity;
  const path =
    by === 'email'
      ? `/api/users/${encodeURIComponent(email!)}`
      : `/api/users/byUserId/${encodeURIComponent(userId!)}`;
  const { outcome } = await sendSingle({ method: 'DELETE', path }, context);
  return settled(outcome, identity, attempt, context);
}

/** Erases a user and makes Iterable refuse later data about them. */
export async function forgetUser(identity: Identity, attempt: number, context: Context): Promise<Outcome> {
  const who = await forgettable(identity, context);
  if (who.outcome !== undefined) return settled(who.outcome, identity, attempt, context);
  const { outcome } = await sendSingle({ path: '/api/users/forget', json: who.by }, context);
  const whole = withExchanges(outcome, who.exchanges);
  return settled(whole, identity, attempt, context);
}

/** Executes a deletion request, in the way of the settings. */
export async function deleteUser(
  context: Context,
  { email, userId, attempt = 1 }: DeletionRequest,
): Promise<Outcome> {
  const projectType = projectTypeOf(context.settings);
  const given = { email, userId };
  const { memory } = context;
  const known = memory === undefined ? given : await recallIdentifiers(memory, projectType, given);
  const resolved = resolveIdentity({ projectType, ...known });
  if (!resolved.ok) {
    const { code, message, path } = resolved.issue;
    return rejected(code, message, path === '' ? undefined : path);
  }
  const remove = context.settings.deletionRequests === 'delete' ? removeUser : forgetUser;
  return withNotes(await remove(resolved.identity, attempt, context), resolved.identity.notes);
}

type Who =
  | {
      readonly by: { readonly email: string } | { readonly userId: string };
      readonly exchanges: readonly number[];
      readonly outcome?: undefined;
    }
  | { readonly outcome: Outcome };

/** The identifier for erasure in this project. An e-mail project knows only the address, so it is looked up. */
async function forgettable(identity: Identity, context: Context): Promise<Who> {
  const { by, email, userId } = identity;
  if (by === 'email') return { by: { email: email! }, exchanges: [] };
  if (projectTypeOf(context.settings) !== 'email') return { by: { userId: userId! }, exchanges: [] };
  const found = await readProfile(identity, context);
  if (found.kind === 'failed') return { outcome: found.outcome };
  if (found.email !== undefined) return { by: { email: found.email }, exchanges: [found.exchange] };
  const unknown = rejected('destination_user_not_found', 'Iterable does not know the user.', 'userId');
  return { outcome: { ...unknown, exchanges: [found.exchange] } };
}

/** An unknown user needs no erasure, unless a pending event is about to create them. */
async function settled(
  outcome: Outcome,
  identity: Identity,
  attempt: number,
  context: Context,
): Promise<Outcome> {
  const { memory } = context;
  const gone = outcome.status === 'delivered' || isUnknownUser(outcome);
  if (gone) {
    await forgetKnown(identity, context);
    if (memory !== undefined) await forgetPair(memory, identity);
  }
  if (outcome.status !== 'rejected' || !isUnknownUser(outcome)) return outcome;
  if (!isEarly(attempt))
    return skipped('unchanged', 'Iterable does not know the user: there is nothing to erase.');
  const waiting = retry(
    'destination_user_not_found',
    'Iterable does not know the user. It is tried once more, because one of their events may still be in transit.',
    READ_LAG,
  );
  return withExchanges(waiting, outcome.exchanges ?? []);
}
