import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

/** The settings of a BigCommerce store. */
export const settings = defineFields({
  storeHash: {
    type: 'string',
    label: 'Store Hash',
    description: 'The part of the API path after `stores/`, as in https://api.bigcommerce.com/stores/abc123.',
    required: true,
  },
  accessToken: {
    type: 'password',
    label: 'Access Token',
    description: 'Token of a store-level API account with the permissions that the documentation lists.',
    required: true,
  },
  clientSecret: {
    type: 'password',
    label: 'Client Secret',
    description:
      'Client secret of the same API account, which verifies the signature of every webhook. Without it, a secret header of the webhooks is checked.',
  },
  previousClientSecret: {
    type: 'password',
    label: 'Previous Client Secret',
    description:
      'The previous secret: still accepted for webhooks that were signed before the secret was renewed.',
  },
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'API URL',
    description: 'Replaces the URL of BigCommerce, for a local shop.',
    default: 'https://api.bigcommerce.com',
  },
  imageSize: {
    type: 'string',
    label: 'Image Size',
    description: 'One of the sizes that the theme creates; it defines their pixels.',
    default: 'standard',
    choices: [
      { label: 'Tiny (about 66 x 100)', value: 'tiny' },
      { label: 'Thumbnail (about 330 x 500)', value: 'thumbnail' },
      { label: 'Standard (about 560 x 850)', value: 'standard' },
      { label: 'Zoom (about 1280 x 1280)', value: 'zoom' },
    ],
  },
  cartLink: {
    type: 'string',
    label: 'Cart Link',
    description:
      'Link back to a cart, with {id} in place of its ID. BigCommerce creates links that work once, so use a page of the shop that requests a new one.',
  },
  customerFields: {
    type: 'string',
    multiple: true,
    label: 'Customer Fields',
    description: 'Names of form fields and customer attributes to include in events; others are left out.',
  },
  ...shopSettings,
});

/** The settings, as they are configured. */
export type Settings = Payload<typeof settings>;

/** The context of the functions of this source. */
export type Context = SourceContext<Settings>;
