import {
  delivered,
  forgetPair,
  type Identity,
  type Outcome,
  rejected,
  rememberPair,
  resolveIdentity,
} from '@waybill/core';

import { isRecord } from '../../http/json.ts';
import { withExchanges } from '../../http/outcomes.ts';
import { callIterable } from '../api/client.ts';
import { normalEmail } from '../api/identifiers.ts';
import { isUnknownUser, sendSingle } from '../api/single.ts';
import { isEarly, waitOrReject } from '../api/waiting.ts';
import type { Context } from '../settings.ts';
import { forgetKnown } from './known-users.ts';

/** The note on a profile that already has the new address. */
export const MOVED_BEFORE = 'The profile has this address already.';

/** Returns why an address cannot be the new one of a profile. */
export function malformedAddress(address: string): Outcome | undefined {
  const checked = resolveIdentity({ projectType: 'email', email: address });
  return checked.ok ? undefined : rejected('identity_invalid_email', checked.issue.message, 'newEmail');
}

/** Changes the address of a profile of an e-mail project. Sending it again after a lost answer changes nothing. */
export async function moveAddress(
  wanted: string,
  attempt: number,
  identity: Identity,
  context: Context,
): Promise<Outcome> {
  const newEmail = wanted.trim();
  const { by, email, userId } = identity;
  if (email !== undefined && normalEmail(email) === normalEmail(newEmail)) {
    return delivered(MOVED_BEFORE);
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
  if (moved) {
    await rememberMove(identity, newEmail, context);
    return { ...delivered(MOVED_BEFORE), exchanges };
  }
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
  // The old address no longer identifies a user.
  await forgetKnown(identity, context);
  if (memory === undefined) return;
  await forgetPair(memory, { email, userId });
  if (userId !== undefined) await rememberPair(memory, newEmail, userId);
}
