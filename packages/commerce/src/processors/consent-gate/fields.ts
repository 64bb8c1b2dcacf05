import { defineFields } from '@waybill/core';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const CHANNELS = ['email', 'sms', 'whatsapp', 'push'] as const;

/** The settings. */
export const settings = defineFields({
  events: {
    type: 'string',
    multiple: true,
    label: 'Marketing Events',
    description: 'Names of the events that start a message: Abandoned Cart Step. Others are ignored.',
    required: true,
  },
  channel: {
    ...text('Channel', 'By which the messages go.'),
    default: 'email',
    choices: CHANNELS,
  },
  channels: {
    type: 'object',
    label: 'Other Channels',
    description: 'Other channels, by event: { "Parcel Is Near": "sms" }.',
    defaultObjectUI: 'keyvalue',
  },
  silence: {
    ...text('Without a Word', 'What holds for somebody who has said nothing about the channel.'),
    default: 'allow',
    choices: [
      { label: 'The message is allowed', value: 'allow' },
      { label: 'The message is withheld', value: 'withhold' },
    ],
  },
});

const shared = defineFields({
  event: { ...text('Event', 'The event that is meant.'), required: true },
  message_id: { ...text('Message Id', 'Its messageId.'), required: true },
  channel: { ...text('Channel', 'By which the message goes.'), required: true },
  consent: { ...text('Consent', 'What the person has said last; unknown when nothing.'), required: true },
  consented_at: text('Said', 'When, ISO 8601.'),
  properties: { type: 'object', label: 'Properties', description: 'The properties of the event.' },
});

/** What is said of a message. */
export const decisions = {
  'Message Allowed': shared,
  'Message Withheld': defineFields({
    ...shared,
    reason: {
      ...text('Reason', 'unsubscribed; no_consent where nothing was said; unknown_channel.'),
      required: true,
    },
  }),
} as const;

/** The channels that there are. */
export const channels: readonly string[] = CHANNELS;
