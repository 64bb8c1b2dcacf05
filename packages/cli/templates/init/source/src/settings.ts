import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

/** What a user enters once. A field of type `password` is a secret: it is stored encrypted and never shown. */
export const settings = defineFields({
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'API URL',
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
    label: 'Webhook Secret',
    description: 'The secret that the shop signs its webhooks with.',
  },
  ...shopSettings,
});

/** The context of the functions of this source. */
export type Context = SourceContext<Payload<typeof settings>>;
