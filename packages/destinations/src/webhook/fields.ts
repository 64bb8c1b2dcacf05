import { defineFields, type Payload } from '@waybill/core';

/** The fields of a request around its body. */
export const requestFields = defineFields({
  method: {
    type: 'string',
    label: 'Method',
    description: 'The HTTP method. GET and DELETE have no body.',
    choices: ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'],
    default: 'POST',
  },
  path: {
    type: 'string',
    label: 'Path',
    description:
      'Appended to the address in the settings. Insert values of the event with @template: orders/{{properties.order_id}}.',
  },
  query: {
    type: 'object',
    label: 'Query',
    description: 'Query parameters; their values are encoded.',
    defaultObjectUI: 'keyvalue',
  },
  headers: {
    type: 'object',
    label: 'Headers',
    description: 'Headers of the request. Put secrets into the settings: mappings are shown.',
    defaultObjectUI: 'keyvalue',
  },
});

/** The body as JSON. */
export const bodyFields = defineFields({
  body: {
    type: 'object',
    label: 'Body',
    description: 'Sent as JSON; the whole event unless the mapping says otherwise.',
    defaultObjectUI: 'object',
    default: { '@path': '$.' },
  },
});

/** The body as a raw string. */
export const textFields = defineFields({
  text: {
    type: 'text',
    label: 'Text Body',
    description:
      'Sent unchanged, in place of the body: XML, for example, with a content-type among the headers.',
  },
});

/** The payload of one request. */
export type RequestPayload = Payload<typeof requestFields>;
