import { defineFields, type Payload } from '@waybill/core';

/** What a user enters once. A field of type `password` is a secret: it is stored encrypted and never shown. */
export const settings = defineFields({
  clientId: {
    type: 'string',
    label: 'Client ID',
    description: 'Identifies your application to the service.',
    required: true,
  },
  clientSecret: {
    type: 'password',
    label: 'Client Secret',
    description: 'The secret of your application.',
    required: true,
  },
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'API URL',
    description: 'Address of the service.',
    required: true,
    default: 'https://api.example.com',
  },
});

/** The validated settings of an instance. */
export type Settings = Payload<typeof settings>;
