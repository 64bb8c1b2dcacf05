import type { Identity, Outcome } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import { someAtATime } from '../../http/turns.ts';
import { callIterable } from '../api/client.ts';
import type { Context } from '../settings.ts';
import { identifierOf } from './profile.ts';

/** A profile at Iterable; an unknown one has no fields. */
export interface StoredProfile {
  readonly kind: 'profile';
  readonly known: boolean;
  readonly email: string | undefined;
  readonly userId: string | undefined;
  readonly fields: JsonObject;
  readonly exchange: number;
}

/** A profile, or why it could not be read. */
export type ReadProfile = StoredProfile | { readonly kind: 'failed'; readonly outcome: Outcome };

/** Reads the profiles of some users, in their order. */
export function readProfiles(
  identities: readonly Identity[],
  context: Context,
): Promise<readonly ReadProfile[]> {
  return someAtATime(identities, (identity) => readProfile(identity, context));
}

/** Reads one profile. */
export async function readProfile(identity: Identity, context: Context): Promise<ReadProfile> {
  const path = identity.by === 'email' ? '/api/users/getByEmail' : '/api/users/byUserId';
  const answer = await callIterable({ method: 'GET', path, query: identifierOf(identity) }, context);
  const { exchange } = answer;
  const nobody = {
    kind: 'profile',
    known: false,
    email: undefined,
    userId: undefined,
    fields: {},
    exchange,
  } as const;
  if (answer.kind === 'refused') {
    const { outcome } = answer;
    // An unknown user ID is a refusal, an unknown address an empty answer. The write reports a malformed one.
    const harmless =
      outcome.code === 'destination_user_not_found' || outcome.code === 'destination_invalid_identifier';
    return harmless ? nobody : { kind: 'failed', outcome: { ...outcome, exchanges: [exchange] } };
  }
  const { user } = answer.body;
  if (!isRecord(user)) return nobody;
  const fields = isRecord(user['dataFields']) ? user['dataFields'] : {};
  return {
    kind: 'profile',
    known: true,
    email: textOf(user['email']),
    userId: textOf(user['userId'] ?? fields['userId']),
    fields,
    exchange,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
