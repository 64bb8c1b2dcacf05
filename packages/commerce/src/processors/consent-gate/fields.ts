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
    ...text('Channel', 'Channel of the messages.'),
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
    ...text('Without a Choice', 'What happens for people who have made no choice about the channel.'),
    default: 'allow',
    choices: [
      { label: 'Allow the message', value: 'allow' },
      { label: 'Withhold the message', value: 'withhold' },
    ],
  },
});

const shared = defineFields({
  event: { ...text('Event', 'Name of the original event.'), required: true },
  message_id: { ...text('Message ID', 'Its messageId.'), required: true },
  channel: { ...text('Channel', 'Channel of the message.'), required: true },
  consent: {
    ...text('Consent', 'The latest choice of the person; unknown if there is none.'),
    required: true,
  },
  consented_at: text('Said', 'When, ISO 8601.'),
  properties: { type: 'object', label: 'Properties', description: 'The properties of the event.' },
});

/** The derived events of a message. */
export const decisions = {
  'Message Allowed': shared,
  'Message Withheld': defineFields({
    ...shared,
    reason: {
      ...text('Reason', 'unsubscribed; no_consent if no choice was made; unknown_channel.'),
      required: true,
    },
  }),
} as const;

/** The supported channels. */
export const channels: readonly string[] = CHANNELS;
