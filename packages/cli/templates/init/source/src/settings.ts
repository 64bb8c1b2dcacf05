import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

/** What a user enters once. A field of type `password` is a secret: it is stored encrypted and never shown. */
export const settings = defineFields({
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'Address of the API',
    description: 'Address of the shop.',
    required: true,
    default: 'https://api.example.com',
  },
  apiKey: {
    type: 'password',
    label: 'API Key',
    description: 'A key with permission to read orders and customers.',
    required: true,
  },
  webhookSecret: {
    type: 'password',
    label: 'Secret of the Webhook',
    description: 'The secret that the shop signs its webhooks with.',
  },
  ...shopSettings,
});

/** What the functions of this source are handed. */
export type Context = SourceContext<Payload<typeof settings>>;
