import {
  defineAction,
  defineFields,
  identifiersAt,
  type Identity,
  type Item,
  type Outcome,
  type Payload,
  rejected,
  skipped,
} from '@waybill/core';

import { integersOf, type JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { someAtATime } from '../../http/turns.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { sendBulk } from '../api/bulk/send.ts';
import { attributionChoices, channelChoices, listChoices, messageTypeChoices } from '../api/choices.ts';
import { sendSingle } from '../api/single.ts';
import { epochMilliseconds } from '../fields/dates.ts';
import { type Context, projectTypeOf, settings } from '../settings.ts';
import { consentTime, keepConsentTimes, rememberedConsent } from '../users/consent.ts';
import { identitiesOf } from '../users/identities.ts';
import { identifierOf } from '../users/profile.ts';
import { readProfiles, type StoredProfile } from '../users/read-profiles.ts';
import { againByUserId } from '../users/refused-address.ts';

const fields = defineFields({
  email: {
    type: 'string',
    label: 'Email Address',
    description: 'The e-mail address of the user. E-mail and hybrid projects identify the profile by it.',
    required: false,
    default: {
      '@if': {
        exists: { '@path': '$.properties.email' },
        then: { '@path': '$.properties.email' },
        else: { '@path': '$.context.traits.email' },
      },
    },
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description:
      'Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.',
    required: false,
    default: { '@path': '$.userId' },
  },
  change: {
    type: 'string',
    label: 'Update Mode',
    description:
      'Replace: every mapped list of IDs replaces the stored one, and unmapped lists do not change. Add and Remove: the IDs are added to the stored ones or removed from them; this takes one more call per user, and changes that somebody else makes in the same minute can be lost.',
    required: true,
    default: 'replace',
    choices: [
      { label: 'Replace', value: 'replace' },
      { label: 'Add', value: 'add' },
      { label: 'Remove', value: 'remove' },
    ],
  },
  emailListIds: {
    type: 'integer',
    multiple: true,
    label: 'Lists',
    description: 'IDs of the lists that the user is on. An empty list means none.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.email_list_ids' },
  },
  unsubscribedChannelIds: {
    type: 'integer',
    multiple: true,
    label: 'Unsubscribed Channels',
    description: 'IDs of the channels that the user does not want.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.unsubscribed_channel_ids' },
  },
  unsubscribedMessageTypeIds: {
    type: 'integer',
    multiple: true,
    label: 'Unsubscribed Message Types',
    description: 'IDs of the message types that the user does not want.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.unsubscribed_message_type_ids' },
  },
  subscribedMessageTypeIds: {
    type: 'integer',
    multiple: true,
    label: 'Subscribed Message Types',
    description:
      'IDs of the opt-in message types that the user wants. Iterable refuses them unless your project has opt-in message types.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.subscribed_message_type_ids' },
  },
  consentedAt: {
    type: 'datetime',
    label: 'Consent Time',
    description:
      'When the user chose this. An older choice never overwrites a newer one, in whatever order they arrive.',
    required: false,
    default: { '@path': '$.timestamp' },
  },
  consentField: {
    type: 'string',
    label: 'Consent Time Field',
    description:
      'The profile field that stores the time of the last choice, so that an older one is recognised later. Use separate fields for choices about e-mail and about text messages: otherwise only the later of them is kept. Empty: only choices in the same call, and those that the destination remembers, are compared.',
    required: false,
    default: 'subscriptionsUpdatedAt',
  },
  campaignId: {
    type: 'integer',
    label: 'Campaign ID',
    description: 'The Iterable campaign that unsubscribes are attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.campaignId' },
  },
  templateId: {
    type: 'integer',
    label: 'Template ID',
    description: 'The Iterable template that unsubscribes are attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.templateId' },
  },
  validateChannelAlignment: {
    type: 'boolean',
    label: 'Check Channels',
    description:
      'Whether Iterable refuses a subscription to a message type whose channel the user does not want. It does unless this is off.',
    required: false,
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether users share calls.',
    required: false,
    default: true,
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'Maximum number of users per call, up to 1,000.',
    required: false,
    unsafe_hidden: true,
    default: 100,
  },
});

type Subscriptions = Payload<typeof fields>;

/** The four lists of IDs of an update. */
const ID_LISTS = [
  'emailListIds',
  'unsubscribedChannelIds',
  'unsubscribedMessageTypeIds',
  'subscribedMessageTypeIds',
] as const;

/** Sets the subscriptions of a user. */
export const updateSubscriptions = defineAction({
  title: 'Update Subscriptions',
  description:
    'Sets the lists, channels and message types of a user. The latest choice wins, by the time at which it was made.',
  defaultTrigger: 'type = "track" and event == "Subscriptions Updated"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  dynamicFields: {
    ...attributionChoices,
    emailListIds: listChoices,
    unsubscribedChannelIds: channelChoices,
    unsubscribedMessageTypeIds: messageTypeChoices,
    subscribedMessageTypeIds: messageTypeChoices,
  },
  batch: { maxItems: 1_000, maxBytes: 3_600_000, oneItemPerUser: true },
  send: sendSubscriptions,
});

async function sendSubscriptions(
  items: readonly Item<Subscriptions>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = items.map(({ payload }) => unusable(payload));
  const identities = await identitiesOf(items, context);
  const stored = await storedProfiles(items, identities, outcomes, context);
  for (const [index, item] of items.entries()) {
    outcomes[index] ??= await overtaken(item, identities[index]!, stored[index], context);
  }

  const open = items.flatMap((_item, index) => (outcomes[index] === undefined ? [index] : []));
  const bodyOf = (position: number, identity: Identity): JsonObject => {
    const index = open[position]!;
    return subscriptionsBody(items[index]!.payload, identity, stored[index], context);
  };
  const mine = open.map((index) => identities[index]!);
  const sent = open.length === 0 ? [] : await sendAll(mine, bodyOf, context);
  for (const [position, index] of open.entries()) outcomes[index] = sent[position]!;

  const kept = await keepConsentTimes(
    open.map((index) => ({
      identity: identities[index]!,
      at: timeOf(items[index]!),
      field: items[index]!.payload.consentField,
      delivered: outcomes[index]!.status === 'delivered',
    })),
    context,
  );
  for (const [position, index] of open.entries()) {
    const notes = [...identities[index]!.notes, ...(kept[position] ?? [])];
    const read = stored[index]?.exchange;
    outcomes[index] = withExchanges(withNotes(outcomes[index]!, notes), read === undefined ? [] : [read]);
  }
  return outcomes.map((outcome) => outcome!);
}

async function sendAll(
  identities: readonly Identity[],
  bodyOf: (position: number, identity: Identity) => JsonObject,
  context: Context,
): Promise<readonly Outcome[]> {
  const endpoint: BulkEndpoint = {
    path: '/api/users/bulkUpdateSubscriptions',
    list: 'updateSubscriptionsRequests',
  };
  const bodies = identities.map((identity, position) => bodyOf(position, identity));
  const sent = await sendBulk(bodies, endpoint, context);
  const outcomes = await someAtATime(sent, (outcome, position) =>
    explained(outcome, bodies[position]!, context),
  );
  return againByUserId(outcomes, identities, bodyOf, endpoint, context);
}

/**
 * The bulk answer has one list for malformed, unknown and forgotten users. The single endpoint reports the reason, or accepts
 * the update; the refused one changed nothing, so the order is kept.
 */
async function explained(outcome: Outcome, body: JsonObject, context: Context): Promise<Outcome> {
  if (outcome.status !== 'rejected') return outcome;
  if (outcome.code !== 'destination_invalid_identifier' && outcome.code !== 'destination_rejected') {
    return outcome;
  }
  const single = await sendSingle({ path: '/api/users/updateSubscriptions', json: body }, context);
  return withExchanges(single.outcome, outcome.exchanges ?? []);
}

function unusable(payload: Subscriptions): Outcome | undefined {
  if (ID_LISTS.every((name) => payload[name] === undefined)) {
    return rejected(
      'payload_required',
      'There are no IDs of lists, channels or message types to set.',
      'emailListIds',
    );
  }
  const { consentedAt } = payload;
  if (consentedAt === undefined || epochMilliseconds(consentedAt) !== undefined) return undefined;
  return rejected('payload_invalid_format', `"${consentedAt}" is not a valid time.`, 'consentedAt');
}

/** When the choice was made, in epoch milliseconds. */
function timeOf({ payload, event }: Item<Subscriptions>): number {
  return epochMilliseconds(payload.consentedAt ?? event.timestamp) ?? epochMilliseconds(event.timestamp)!;
}

/** The profiles of the users, where stored values decide what is sent. */
async function storedProfiles(
  items: readonly Item<Subscriptions>[],
  identities: readonly Identity[],
  outcomes: (Outcome | undefined)[],
  context: Context,
): Promise<readonly (StoredProfile | undefined)[]> {
  const wanted = items.flatMap(({ payload }, index) => {
    const needed = payload.change !== 'replace' || (payload.consentField ?? '') !== '';
    return needed && outcomes[index] === undefined ? [index] : [];
  });
  const read = await readProfiles(
    wanted.map((index) => identities[index]!),
    context,
  );
  const stored: (StoredProfile | undefined)[] = items.map(() => undefined);
  for (const [position, index] of wanted.entries()) {
    const one = read[position]!;
    if (one.kind === 'failed') outcomes[index] = one.outcome;
    else stored[index] = one;
  }
  return stored;
}

/** A choice that is older than the stored one is not sent. */
async function overtaken(
  item: Item<Subscriptions>,
  identity: Identity,
  stored: StoredProfile | undefined,
  context: Context,
): Promise<Outcome | undefined> {
  const at = timeOf(item);
  const { consentField = '' } = item.payload;
  const times = [
    await rememberedConsent(identity, consentField, context),
    consentField === '' ? undefined : consentTime(stored?.fields[consentField]),
  ].filter((time) => time !== undefined);
  const latest = Math.max(...times, Number.NEGATIVE_INFINITY);
  if (at >= latest) return undefined;
  const when = new Date(latest).toISOString();
  return skipped('unchanged', `The user has made another choice since, at ${when}. The latest one applies.`);
}

function subscriptionsBody(
  payload: Subscriptions,
  identity: Identity,
  stored: StoredProfile | undefined,
  context: Context,
): JsonObject {
  const { change, campaignId, templateId, validateChannelAlignment } = payload;
  const lists: Record<string, readonly number[]> = {};
  for (const name of ID_LISTS) {
    const ids = payload[name];
    if (ids !== undefined) lists[name] = combined(change, storedIds(name, stored, context), ids);
  }
  return {
    ...identifierOf(identity),
    ...lists,
    ...(campaignId === undefined ? {} : { campaignId }),
    ...(templateId === undefined ? {} : { templateId }),
    ...(validateChannelAlignment === undefined ? {} : { validateChannelAlignment }),
  };
}

function combined(
  change: 'replace' | 'add' | 'remove',
  stored: readonly number[],
  ids: readonly number[],
): readonly number[] {
  if (change === 'replace') return [...new Set(ids)];
  if (change === 'add') return [...new Set([...stored, ...ids])];
  return stored.filter((id) => !ids.includes(id));
}

/** The fields of a profile with the IDs. That of lists depends on the project; their name in a request does not. */
function storedIds(
  name: (typeof ID_LISTS)[number],
  stored: StoredProfile | undefined,
  context: Context,
): readonly number[] {
  const member =
    name === 'emailListIds' && projectTypeOf(context.settings) !== 'email' ? 'userListIds' : name;
  return integersOf(stored?.fields[member]);
}
