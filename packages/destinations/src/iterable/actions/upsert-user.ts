import {
  defineAction,
  defineFields,
  type Item,
  type Outcome,
  type Payload,
  rejected,
  retry,
} from '@waybill/core';

import type { BulkEndpoint } from './bulk.ts';
import { addressWanted, LINKED_NOTE, linkedByEmail, ownerOf } from './conflict.ts';
import { sendGuarded } from './guarded.ts';
import { identitiesOf } from './identities.ts';
import { instanceOf } from './instance.ts';
import { noteKnown } from './known-users.ts';
import { malformedAddress, moveAddress, MOVED_BEFORE } from './move-address.ts';
import { withExchanges, withNotes } from './outcomes.ts';
import { projectOf, type UserBody, userBody, type UserInput } from './profile.ts';
import { againByUserId } from './refused-address.ts';
import { type Context, projectTypeOf, settings } from './settings.ts';
import { oneByOne } from './single.ts';
import { READ_LAG } from './waiting.ts';

const fields = defineFields({
  email: {
    type: 'string',
    label: 'Email Address',
    description: 'The e-mail address of the user. E-mail and hybrid projects find the profile by it.',
    required: false,
    default: { '@path': '$.traits.email' },
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description:
      'Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.',
    required: false,
    default: { '@path': '$.userId' },
  },
  newEmail: {
    type: 'string',
    label: 'New Email Address',
    description:
      'The address that the profile gets instead of its present one. In an e-mail project the address is changed first, and other data of the item follow a minute later, when Iterable finds the profile by it.',
    required: false,
  },
  dataFields: {
    type: 'object',
    label: 'User Data Fields',
    description: 'What to store on the profile. A member that is null is removed from the profile.',
    required: false,
    default: { '@path': '$.traits' },
  },
  phoneNumber: {
    type: 'string',
    label: 'User Phone Number',
    description: 'With the country code, for example +14158675309. Null removes the number from the profile.',
    required: false,
    allowNull: true,
    default: { '@path': '$.traits.phone' },
  },
  mergeNestedObjects: {
    type: 'boolean',
    label: 'Merge Nested Objects',
    description:
      'Whether an object is merged with the stored one, one level deep, instead of replacing it. Lists are always replaced.',
    required: false,
    default: false,
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether users share calls. Iterable allows only five bulk calls a second, so leave it on.',
    required: false,
    default: true,
  },
  updateOnly: {
    type: 'boolean',
    label: 'Update Existing Users Only',
    description:
      'Whether users that Iterable does not know are left alone instead of made. Iterable has to enable this for your project.',
    required: false,
    disabledInputMethods: ['variable', 'function', 'freeform', 'enrichment'],
    depends_on: {
      match: 'all',
      conditions: [{ fieldKey: 'enable_batching', operator: 'is', value: true }],
    },
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'The most users in one call; at most 1,000 are sent, whatever stands here.',
    required: false,
    unsafe_hidden: true,
    default: 1001,
  },
});

type UpsertUser = Payload<typeof fields>;

/** Makes a profile or updates it. */
export const upsertUser = defineAction({
  title: 'Upsert User',
  description: 'Makes the profile of a user, or updates the one there is.',
  defaultTrigger: 'type = "identify"',
  settings,
  fields,
  identifiers: ({ email, userId }) => ({ email, userId }),
  batch: {
    maxItems: 1_000,
    // Iterable takes 4 MB; the room is for what a request has beside the payloads.
    maxBytes: 3_600_000,
    groupBy: ({ updateOnly }) => String(updateOnly),
    oneItemPerUser: true,
  },
  delta: { fields: 'dataFields' },
  send: upsertUsers,
});

async function upsertUsers(
  items: readonly Item<UpsertUser>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = items.map(({ payload: { newEmail } }) =>
    newEmail === undefined ? undefined : malformedAddress(newEmail),
  );
  const wanted = (moves: boolean): readonly number[] =>
    items.flatMap(({ payload }, index) =>
      outcomes[index] === undefined && (payload.newEmail !== undefined) === moves ? [index] : [],
    );
  for (const moves of [false, true]) {
    const indexes = wanted(moves);
    if (indexes.length === 0) continue;
    const some = indexes.map((index) => items[index]!);
    const sent = moves ? await changeAddresses(some, context) : await writeItems(some, true, context);
    for (const [at, index] of indexes.entries()) outcomes[index] = sent[at]!;
  }
  return outcomes as readonly Outcome[];
}

function writeItems(
  items: readonly Item<UpsertUser>[],
  addressMayGo: boolean,
  context: Context,
): Promise<readonly Outcome[]> {
  const updateOnly = items[0]?.payload.updateOnly;
  return writeUsers(
    items,
    ({ payload: { newEmail, ...user } }) =>
      newEmail === undefined ? user : { ...user, dataFields: { ...user.dataFields, email: newEmail.trim() } },
    { beside: updateOnly === undefined ? {} : { updateOnly }, addressMayGo },
    context,
  );
}

/** Items that change the address of their profile: in an e-mail project a call of its own, elsewhere a data field. */
async function changeAddresses(
  items: readonly Item<UpsertUser>[],
  context: Context,
): Promise<readonly Outcome[]> {
  if (projectTypeOf(context.settings) !== 'email') return writeItems(items, false, context);
  const identities = await identitiesOf(items, context);
  return oneByOne(items, async (item, index) => {
    const { newEmail = '', ...user } = item.payload;
    const identity = identities[index]!;
    const moved = withNotes(await moveAddress(newEmail, item.attempt, identity, context), identity.notes);
    const { email: _inner, ...dataFields } = user.dataFields ?? {};
    const hasMore = Object.keys(dataFields).length > 0 || user.phoneNumber !== undefined;
    if (moved.status !== 'delivered' || !hasMore) return moved;
    // Written at once, the rest could make a second profile: Iterable may take a minute to find the one that has moved.
    if (moved.note?.includes(MOVED_BEFORE) !== true) {
      const waiting = retry('destination_user_not_found', MORE_FOLLOWS, READ_LAG);
      return withExchanges(waiting, moved.exchanges ?? []);
    }
    const address = newEmail.trim();
    const rest = {
      ...item,
      payload: { ...user, email: address, dataFields },
      identity: { ...identity, by: 'email' as const, email: address },
    };
    const [written] = await writeItems([rest], false, context);
    return withExchanges(written!, moved.exchanges ?? []);
  });
}

const MORE_FOLLOWS =
  'The address of the profile was changed. Its other data are written in a minute, when Iterable finds it by the new address.';

/** How users are written. */
export interface WriteOptions {
  /** Other members of the request. */
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly addressMayGo: boolean;
}

/**
 * Writes users through the bulk endpoint: the one way on which every change of a profile goes, to stay in order. Without
 * `addressMayGo`, an address that Iterable refuses stops the item: for changes that are about nothing else.
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

/** The bulk endpoint of users, with what its lists mean in this project. */
export function usersEndpoint(beside: Readonly<Record<string, unknown>>, context: Context): BulkEndpoint {
  const base = { path: '/api/users/bulkUpdate', list: 'users', beside } as const;
  if (projectTypeOf(context.settings) !== 'email') return base;
  // There Iterable has one list for user IDs that are malformed and for those that it does not know; malformed ones
  // have been left out before.
  const unknown = {
    code: 'destination_user_not_found',
    message:
      'Iterable does not know this user ID, and an e-mail project makes no user without an e-mail address. Send identify with both first.',
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
 * The common conflict of a shop: a guest is known by the e-mail address alone and signs up, so the user ID is new and the
 * address taken. Then the guest's profile gets the user ID. Where the address is another user's, nothing is guessed.
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
