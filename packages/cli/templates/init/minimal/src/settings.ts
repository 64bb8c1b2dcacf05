import { defineFields, type Payload } from '@waybill/core';

/** What a user enters once. A field of type `password` is a secret: it is stored encrypted and never shown. */
export const settings = defineFields({
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
