import type { Outcome } from '@waybill/core';

import { isRecord } from '../../http/json.ts';
import { callIterable } from '../api/client.ts';
import type { Context } from '../settings.ts';
import type { UserBody } from './profile.ts';

/** The owner of an e-mail address: a guest (known by the address alone), another user, or unknown. */
export type Owner =
  | { readonly kind: 'guest'; readonly exchange: number }
  | { readonly kind: 'user'; readonly userId: string; readonly exchange: number }
  | { readonly kind: 'unknown'; readonly exchange: number }
  | { readonly kind: 'failed'; readonly outcome: Outcome; readonly exchange: number };

/** Reads the owner of an address from Iterable. */
export async function ownerOf(address: string, context: Context): Promise<Owner> {
  const answer = await callIterable(
    { method: 'GET', path: '/api/users/getByEmail', query: { email: address } },
    context,
  );
  const { exchange } = answer;
  if (answer.kind === 'refused') {
    return answer.outcome.status === 'retry'
      ? { kind: 'failed', outcome: answer.outcome, exchange }
      : { kind: 'unknown', exchange };
  }
  const { user } = answer.body;
  if (!isRecord(user)) return { kind: 'unknown', exchange };
  const fields = isRecord(user['dataFields']) ? user['dataFields'] : {};
  const userId = user['userId'] ?? fields['userId'];
  return typeof userId === 'string' && userId !== ''
    ? { kind: 'user', userId, exchange }
    : { kind: 'guest', exchange };
}

/** Returns the address that a body would give to the user ID at its top level; undefined when there is no such pair. */
export function addressWanted(body: UserBody): string | undefined {
  const address = body.dataFields?.['email'];
  return body.userId !== undefined && body.email === undefined && typeof address === 'string'
    ? address
    : undefined;
}

/** Returns the same change for the guest profile, which receives the user ID: guest and user become one. */
export function linkedByEmail(body: UserBody, address: string): UserBody {
  const { userId, ...rest } = body;
  const { email: _moved, ...fields } = body.dataFields ?? {};
  return { ...rest, email: address, dataFields: { ...fields, userId } };
}

/** Returns the same change without the address. */
export function withoutAddress(body: UserBody): UserBody {
  const { dataFields, ...rest } = body;
  const { email: _left, ...fields } = dataFields ?? {};
  return Object.keys(fields).length === 0 ? rest : { ...rest, dataFields: fields };
}

/** The note about a guest that became a user. */
export const LINKED_NOTE =
  'The profile was known by its e-mail address alone; it was given the user ID, so both are now one profile.';
