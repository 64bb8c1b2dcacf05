import { defineAction, defineFields, type Item, type Outcome, type Payload, rejected } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withNotes } from '../../http/outcomes.ts';
import { callKlaviyo } from '../api/client.ts';
import { listChoices } from '../api/lists.ts';
import { saidOf, sendTogether, wholeOutcome } from '../api/together.ts';
import { listHook, listOf } from '../list-hook.ts';
import { personFields } from '../profile/fields.ts';
import { forNamed, type Identifiers } from '../profile/profile.ts';
import { type Context, settings } from '../settings.ts';
import { isoTime } from './events.ts';
import { listField } from './list-members.ts';
import { PROFILE_BATCH } from './upsert-profile.ts';

const whom = defineFields({
  channels: {
    type: 'string',
    multiple: true,
    required: true,
    label: 'Channels',
    description: 'The channels of the consent: email needs an e-mail address, sms a phone number.',
    choices: [
      { label: 'E-mail', value: 'email' },
      { label: 'SMS', value: 'sms' },
    ],
    default: ['email'],
  },
  email: personFields.email,
  phoneNumber: personFields.phoneNumber,
});

const subscribeFields = defineFields({
  ...whom,
  ...listField,
  customSource: {
    type: 'string',
    label: 'Source',
    description: 'Where the consent was given; Klaviyo stores it with the consent.',
    default: { '@path': '$.properties.origin' },
  },
  historical: {
    type: 'boolean',
    label: 'Historical Consent',
    description:
      'Whether the consent was given earlier and is only imported: it applies at once, nobody is asked to confirm it, and no flow starts.',
    default: { '@path': '$.context.historical' },
  },
  consentedAt: {
    type: 'datetime',
    label: 'Consented At',
    description: 'When it was given. Klaviyo accepts it only for consent that was given earlier.',
    default: { '@path': '$.timestamp' },
  },
});

const unsubscribeFields = defineFields({
  ...whom,
  listId: {
    ...listField.listId,
    description:
      'Removes people from this list only. Empty: they are unsubscribed from everything. Klaviyo also unsubscribes people who are not on the list from everything.',
  },
});

type Subscribing = Item<Payload<typeof subscribeFields>>;
type Unsubscribing = Item<Payload<typeof unsubscribeFields>>;

/** Records consent to messages. */
export const subscribe = defineAction({
  title: 'Subscribe',
  description:
    'Records the consent of a person to marketing by e-mail, SMS or both, and adds them to a list if one is named. Lists with double opt-in ask for confirmation first. It ends an earlier unsubscription.',
  defaultTrigger: 'type = "track" and event in ["Email Subscribed", "SMS Subscribed"]',
  settings,
  fields: subscribeFields,
  identifiers: ({ email }) => ({ email }),
  dynamicFields: { listId: listChoices },
  hooks: { onMappingSave: listHook },
  batch: {
    ...PROFILE_BATCH,
    groupBy: ({ listId, customSource, historical }) =>
      JSON.stringify([listId, customSource, historical === true]),
  },
  send: (items, context) =>
    change(items, 'SUBSCRIBED', (profiles, first) => sendSubscribed(profiles, first as Subscribing, context)),
});

/** Records opt-outs of messages. */
export const unsubscribe = defineAction({
  title: 'Unsubscribe',
  description: 'Withdraws the consent of a person to marketing by e-mail, SMS or both.',
  defaultTrigger: 'type = "track" and event in ["Email Unsubscribed", "SMS Unsubscribed"]',
  settings,
  fields: unsubscribeFields,
  identifiers: ({ email }) => ({ email }),
  dynamicFields: { listId: listChoices },
  batch: {
    maxItems: 100,
    maxBytes: 1_000_000,
    oneItemPerUser: true,
    groupBy: ({ listId = '' }) => listId,
  },
  send: (items, context) =>
    change(items, 'UNSUBSCRIBED', (profiles, { payload: { listId } }) => {
      const path = '/api/profile-subscription-bulk-delete-jobs';
      const data = {
        type: 'profile-subscription-bulk-delete-job',
        attributes: { profiles: { data: profiles } },
      };
      return callKlaviyo({ path, json: { data: { ...data, ...onList(listId) } }, takes: [202] }, context);
    }),
});

type Call = (
  profiles: readonly JsonObject[],
  first: Subscribing | Unsubscribing,
) => ReturnType<typeof callKlaviyo>;

/** Items of a call have the same list, source and history. */
function change(
  items: readonly (Subscribing | Unsubscribing)[],
  consent: 'SUBSCRIBED' | 'UNSUBSCRIBED',
  call: Call,
): Promise<readonly Outcome[]> {
  return forNamed(items, async (known) => {
    const entries = known.map(({ payload, who }) => ({
      payload,
      by: who.by,
      lacks: lacking(payload.channels, who.by),
    }));
    const open = entries.filter(({ lacks }) => lacks === undefined);
    const made = (some: readonly (typeof entries)[number][]) =>
      call(
        some.map(({ payload, by }) => profileOf(payload, by, consent)),
        known[0]!,
      );
    const sent = await sendTogether(open, {
      together: async (some) => saidOf(await made(some), some.length),
      few: async (some) => [wholeOutcome(await made(some))],
      most: 1,
    });
    const outcomes = new Map(open.map((one, index) => [one, sent[index]!]));
    return entries.map((one, index) => withNotes(one.lacks ?? outcomes.get(one)!, known[index]!.who.notes));
  });
}

/** Whether a channel lacks an address or number. */
function lacking(
  channels: readonly string[],
  { email, phone_number: phone }: Identifiers,
): Outcome | undefined {
  if (channels.includes('email') && email === undefined)
    return rejected('payload_required', 'Consent to e-mail needs an e-mail address.', 'email');
  if (channels.includes('sms') && phone === undefined)
    return rejected(
      'payload_required',
      'Consent to SMS needs a phone number in the form +4930901820.',
      'phoneNumber',
    );
  return undefined;
}

function profileOf(
  payload: Subscribing['payload'] | Unsubscribing['payload'],
  { email, phone_number }: Identifiers,
  consent: string,
): JsonObject {
  const { channels } = payload;
  const isEarlier = 'historical' in payload && payload.historical === true;
  const at = isEarlier && payload.consentedAt !== undefined ? isoTime(payload.consentedAt) : undefined;
  const marketing = { consent, ...(at === undefined ? {} : { consented_at: at }) };
  const subscriptions = Object.fromEntries(channels.map((channel) => [channel, { marketing }]));
  return { type: 'profile', attributes: { email, phone_number, subscriptions } };
}

function sendSubscribed(
  profiles: readonly JsonObject[],
  first: Subscribing,
  context: Context,
): ReturnType<typeof callKlaviyo> {
  const { customSource, historical } = first.payload;
  const attributes = {
    profiles: { data: profiles },
    custom_source: customSource,
    ...(historical === true ? { historical_import: true } : {}),
  };
  const data = { type: 'profile-subscription-bulk-create-job', attributes, ...onList(listOf(first)) };
  const path = '/api/profile-subscription-bulk-create-jobs';
  return callKlaviyo({ path, json: { data }, takes: [202] }, context);
}

function onList(listId = ''): JsonObject {
  return listId === '' ? {} : { relationships: { list: { data: { type: 'list', id: listId } } } };
}
