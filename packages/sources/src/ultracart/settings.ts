import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

/** The settings of an UltraCart merchant. */
export const settings = defineFields({
  apiKey: {
    type: 'password',
    label: 'API Key',
    description: 'Simple key of an API user with the permissions that the documentation lists.',
    required: true,
  },
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'API URL',
    description: 'Replaces the URL of UltraCart, for a local shop.',
    default: 'https://secure.ultracart.com/rest/v2',
  },
  currency: {
    type: 'string',
    label: 'Base Currency',
    description: 'ISO 4217 code of the base currency: orders name a currency only if it is a different one.',
    minimum: 3,
    maximum: 3,
    default: 'USD',
  },
  newsletterList: {
    type: 'string',
    label: 'Newsletter List',
    description:
      'UUID of the e-mail list for consent from Iterable. Absent: people who unsubscribe are removed from all lists, and people who subscribe are added to none.',
  },
  completeOn: {
    type: 'string',
    label: 'Order Counts',
    description: 'When an order counts; before that, its payment may still fail.',
    default: 'created',
    choices: [
      { label: 'When placed', value: 'created' },
      { label: 'When paid', value: 'paid' },
    ],
  },
  webhookUser: {
    type: 'string',
    label: 'Webhook User',
    description: 'User name of the basic authentication of the webhook.',
    default: 'waybill',
  },
  webhookPassword: {
    type: 'password',
    label: 'Webhook Password',
    description:
      'Password of the basic authentication of the webhook. Without it, one that is derived from the API key is used.',
  },
  previousWebhookPassword: {
    type: 'password',
    label: 'Previous Webhook Password',
    description:
      'The previous password: still accepted for webhooks that were created before the password was renewed.',
  },
  imageSize: {
    type: 'integer',
    label: 'Image Size',
    description:
      'Length of the longer side of product images in pixels: the nearest available size is used; absent: the original image.',
    minimum: 1,
  },
  orderFields: {
    type: 'string',
    multiple: true,
    label: 'Order Fields',
    description:
      'Names of order properties, and of the custom fields of the checkout (custom_field1), to include in events; others are left out.',
  },
  customerFields: {
    type: 'string',
    multiple: true,
    label: 'Customer Fields',
    description: 'Names of customer properties to include in events; others are left out.',
  },
  ...shopSettings,
});

/** The settings, as they are configured. */
export type Settings = Payload<typeof settings>;

/** The context of the functions of this source. */
export type Context = SourceContext<Settings>;
