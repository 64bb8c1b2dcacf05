import { type Item, type Outcome, rejected } from '@waybill/core';

import { withExchanges, withNotes } from '../../http/outcomes.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { sendGuarded } from '../fields/guarded.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, projectTypeOf } from '../settings.ts';
import { addressWanted, LINKED_NOTE, linkedByEmail, ownerOf } from './conflict.ts';
import { identitiesOf } from './identities.ts';
import { noteKnown } from './known-users.ts';
import { projectOf, type UserBody, userBody, type UserInput } from './profile.ts';
import { againByUserId } from './refused-address.ts';

/** Options for writing users. */
export interface WriteOptions {
  /** Other members of the request. */
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly addressMayGo: boolean;
}

/**
 * Writes users through the bulk endpoint, used for all changes of profiles, to keep their order. Without `addressMayGo`, a
 * refused address rejects the item: for changes of the address itself.
 */
export async function writeUsers<P>(
  items: readonly Item<P>[],
  inputOf: (item: Item<P>) => UserInput,
  { beside = {}, addressMayGo }: WriteOptions,
  context: Context,
): Promise<readonly Outcome[]> {
  const identities = await identitiesOf(items, context);
  await instanceOf(context).guard.ready(context);
  const project = projectOf(context);
  const built = items.map((item, index) => userBody(inputOf(item), identities[index]!, project));
  const endpoint = usersEndpoint(beside, context);
  const bodies = built.map(({ body }) => body);
  const outcomes = await sendGuarded(bodies.map(plain), endpoint, context);
  const linked = await linkGuests(bodies, outcomes, endpoint, context);
  const settled = !addressMayGo
    ? linked
    : await againByUserId(
        linked,
        identities,
        (index, identity) => {
          const { email: _refused, ...input } = inputOf(items[index]!);
          const { email: _inner, ...dataFields } = input.dataFields ?? {};
          return plain(userBody({ ...input, dataFields }, identity, project).body);
        },
        endpoint,
        context,
      );
  return settled.map((outcome, index) => {
    if (outcome.status === 'delivered' && beside['updateOnly'] !== true)
      noteKnown(identities[index]!, context);
    return withNotes(outcome, [...identities[index]!.notes, ...built[index]!.notes]);
  });
}

function plain(body: UserBody): Readonly<Record<string, unknown>> {
  return { ...body };
}

/** Returns the bulk endpoint of users, with the meaning of its lists in this project. */
export function usersEndpoint(beside: Readonly<Record<string, unknown>>, context: Context): BulkEndpoint {
  const base = { path: '/api/users/bulkUpdate', list: 'users', beside } as const;
  if (projectTypeOf(context.settings) !== 'email') return base;
  // Iterable has one list for malformed and unknown user IDs there; malformed ones were left out before.
  const unknown = {
    code: 'destination_user_not_found',
    message:
      'Iterable does not know this user ID, and an e-mail project creates no user without an e-mail address. Send identify with both first.',
  } as const;
  return {
    ...base,
    meanings: {
      invalidUserIds: unknown,
      'failedUpdates.invalidUserIds': unknown,
      'failedUpdates.notFoundUserIds': unknown,
    },
  };
}

/**
 * Resolves the common conflict of a shop: a guest, known by the e-mail address alone, signs up, so the user ID is new and the
 * address taken. The guest's profile then receives the user ID. If the address belongs to another user, nothing is guessed.
 */
async function linkGuests(
  bodies: readonly UserBody[],
  outcomes: readonly Outcome[],
  endpoint: BulkEndpoint,
  context: Context,
): Promise<readonly Outcome[]> {
  const settled = [...outcomes];
  const guests: { readonly index: number; readonly body: UserBody; readonly exchanges: readonly number[] }[] =
    [];
  for (const [index, outcome] of outcomes.entries()) {
    const body = bodies[index]!;
    const address = addressWanted(body);
    if (address === undefined || !isConflict(outcome)) continue;
    const owner = await ownerOf(address, context);
    const seen = exchangesOf(outcome);
    if (owner.kind === 'guest') {
      guests.push({ index, body: linkedByEmail(body, address), exchanges: [...seen, owner.exchange] });
    } else if (owner.kind === 'failed') {
      settled[index] = withExchanges(owner.outcome, [...seen, owner.exchange]);
    } else {
      settled[index] = withExchanges(conflict(body, address, owner), [...seen, owner.exchange]);
    }
  }
  if (guests.length === 0) return settled;
  const linked = await sendGuarded(
    guests.map(({ body }) => plain(body)),
    endpoint,
    context,
  );
  for (const [position, { index, exchanges }] of guests.entries()) {
    const outcome = withNotes(linked[position]!, [LINKED_NOTE]);
    settled[index] = withExchanges(outcome, exchanges);
  }
  return settled;
}

function isConflict(outcome: Outcome): boolean {
  return outcome.status === 'rejected' && outcome.code === 'destination_identity_conflict';
}

function exchangesOf(outcome: Outcome): readonly number[] {
  return outcome.status === 'skipped' ? [] : (outcome.exchanges ?? []);
}

function conflict(
  body: UserBody,
  address: string,
  owner: { readonly kind: 'user'; readonly userId: string } | { readonly kind: 'unknown' },
): Outcome {
  const message =
    owner.kind === 'user'
      ? `The e-mail address ${address} belongs to the profile of user ID "${owner.userId}", not to "${body.userId}". Nothing was changed.`
      : `The user ID "${body.userId}" and the e-mail address ${address} belong to two different profiles. Nothing was changed.`;
  return rejected('destination_identity_conflict', message, 'email');
}
