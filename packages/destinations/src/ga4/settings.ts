import { defineFields, type Payload, type SendContext } from '@waybill/core';

/** The settings of an instance of Google Analytics. */
export const settings = defineFields({
  measurementId: {
    type: 'string',
    label: 'Measurement ID',
    description: 'Of the web data stream: Admin > Data streams. It begins with G-.',
    required: true,
    minimum: 4,
    maximum: 20,
  },
  apiSecret: {
    type: 'password',
    label: 'API Secret',
    description: 'Created for the data stream, under Measurement Protocol API secrets.',
    required: true,
  },
  region: {
    type: 'string',
    label: 'Data Region',
    description: 'With Europe, events are received within the European Union.',
    default: 'global',
    choices: [
      { label: 'Nearest', value: 'global' },
      { label: 'Europe', value: 'europe' },
    ],
  },
  mode: {
    type: 'string',
    label: 'Mode',
    description:
      'Record: events are recorded. Google does not report events that it cannot use, so they are checked by its published rules first. Check only: Google checks events with its debug endpoint, reports what is wrong, and records nothing.',
    default: 'record',
    choices: [
      { label: 'Record', value: 'record' },
      { label: 'Check only', value: 'check' },
    ],
  },
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'Address',
    description:
      'Replaces the URL of Google, for example with that of a server container. Leave this empty to use Google.',
  },
});

/** The validated settings. */
export type Settings = Payload<typeof settings>;

/** The context of every call. */
export type Context = SendContext<Settings>;

const REGIONS = {
  global: 'https://www.google-analytics.com',
  europe: 'https://region1.google-analytics.com',
} as const;

/** Returns the address for events. */
export function baseOf({ apiUrl, region = 'global' }: Settings): string {
  return apiUrl === undefined || apiUrl === '' ? REGIONS[region] : apiUrl;
}
