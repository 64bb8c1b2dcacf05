import { defineFields, type Payload, type SendContext } from '@waybill/core';

/** What an instance of a webhook needs to know. */
export const settings = defineFields({
  url: {
    type: 'string',
    format: 'uri',
    label: 'Address',
    description: 'Where the service is reached; mappings can add a path below it, and choose no other host.',
    required: true,
  },
  secret: {
    type: 'password',
    label: 'Signing Secret',
    description:
      'Requests are signed with it, by the rules of Standard Webhooks. Text, or whsec_ and base64. Empty: they are not signed.',
  },
  credentialHeader: {
    type: 'string',
    label: 'Header of the Credential',
    description: 'The header that carries the credential.',
    default: 'authorization',
  },
  credential: {
    type: 'password',
    label: 'Credential',
    description: 'The whole value of that header, such as Bearer and a token.',
  },
  retryStatuses: {
    type: 'integer',
    label: 'Statuses That Mean Later',
    description:
      'Answers with these are retried, in addition to 408, 423, 429 and all from 500 on; 409 or 425, for example.',
    multiple: true,
  },
});

/** The validated settings. */
export type Settings = Payload<typeof settings>;

/** What every call needs. */
export type Context = SendContext<Settings>;
