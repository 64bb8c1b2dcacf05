import { defineFields, type Payload, type SendContext } from '@waybill/core';

/** The settings of an instance of a webhook. */
export const settings = defineFields({
  url: {
    type: 'string',
    format: 'uri',
    label: 'Base URL',
    description: 'The URL of the service. A mapping can append a path to it, but cannot choose another host.',
    required: true,
  },
  secret: {
    type: 'password',
    label: 'Signing Secret',
    description:
      'Signs requests as Standard Webhooks specifies. Plain text, or whsec_ followed by base64. Leave it empty to send unsigned requests.',
  },
  credentialHeader: {
    type: 'string',
    label: 'Credential Header',
    description: 'The request header that contains the credential.',
    default: 'authorization',
  },
  credential: {
    type: 'password',
    label: 'Credential',
    description: 'The complete value of that header, for example "Bearer" and a token.',
  },
  retryStatuses: {
    type: 'integer',
    label: 'Retried Statuses',
    description:
      'HTTP statuses to retry in addition to 408, 423, 429 and 500 and above, for example 409 or 425.',
    multiple: true,
  },
});

/** The validated settings. */
export type Settings = Payload<typeof settings>;

/** The context of every call. */
export type Context = SendContext<Settings>;
