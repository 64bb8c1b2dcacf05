import { defineFields, type Payload, type SendContext } from '@waybill/core';

/** The settings of a Klaviyo instance. */
export const settings = defineFields({
  apiKey: {
    type: 'password',
    label: 'Private API Key',
    description:
      'A private key (it begins with pk_), created in Klaviyo under Settings > API keys. It needs full access to events, profiles, lists and subscriptions, full access to data privacy for deletions, and read access to accounts.',
    required: true,
  },
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'API URL',
    description:
      'Replaces the URL of Klaviyo, for example with that of a local sandbox. Leave this empty to use Klaviyo.',
  },
});

/** The validated settings of a Klaviyo instance. */
export type Settings = Payload<typeof settings>;

/** The context of every call to Klaviyo. */
export type Context = SendContext<Settings>;

/** Returns the address for the settings. */
export function addressOf({ apiUrl }: Settings): string {
  return apiUrl === undefined || apiUrl === '' ? 'https://a.klaviyo.com' : apiUrl;
}
