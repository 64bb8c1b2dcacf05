import {
  defineAction,
  defineFields,
  identifiersAt,
  type Item,
  type Outcome,
  type Payload,
  retry,
} from '@waybill/core';

import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import { READ_LAG } from '../api/waiting.ts';
import { type Context, projectTypeOf, settings } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { malformedAddress, moveAddress, MOVED_BEFORE } from '../users/move-address.ts';
import { writeUsers } from '../users/write-users.ts';

const fields = defineFields({
  email: {
    type: 'string',
    label: 'Email Address',
    description: 'The e-mail address of the user. E-mail and hybrid projects identify the profile by it.',
    required: false,
    default: { '@path': '$.traits.email' },
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description:
      'Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.',
    required: false,
    default: { '@path': '$.userId' },
  },
  newEmail: {
    type: 'string',
    label: 'New Email Address',
    description:
      'The new address of the profile. In an e-mail project the address is changed first; the other data of the item follows a minute later, when Iterable finds the profile by the new address.',
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
      'Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.',
    required: false,
    default: false,
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether users share calls. Leave this on: Iterable allows only five bulk calls a second.',
    required: false,
    default: true,
  },
  updateOnly: {
    type: 'boolean',
    label: 'Update Existing Users Only',
    description:
      'Whether unknown users are ignored instead of created. Iterable must enable this for your project.',
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
    description: 'Maximum number of users per call, up to 1,000.',
    required: false,
    unsafe_hidden: true,
    default: 1001,
  },
});

type UpsertUser = Payload<typeof fields>;

/** Creates or updates a profile. */
export const upsertUser = defineAction({
  title: 'Upsert User',
  description: 'Creates the profile of a user, or updates the existing one.',
  defaultTrigger: 'type = "identify"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  batch: {
    maxItems: 1_000,
    // Iterable accepts 4 MB; the margin is for the rest of the request.
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

/** Items that change the address of their profile: in an e-mail project a separate call, elsewhere a data field. */
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
    // Written at once, the rest could create a second profile: Iterable may take a minute to find the moved one.
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
  'The address of the profile was changed. Its other data is written in a minute, when Iterable finds the profile by the new address.';
