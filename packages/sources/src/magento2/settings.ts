import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

const key = (label: string, description: string) =>
  ({
    type: 'password',
    label,
    description,
    required: { conditions: [{ fieldKey: 'imsClientId', operator: 'is' }] },
  }) as const;

/** What a Magento needs to be read: where it is, the keys of an integration, and what else of it is wanted. */
export const settings = defineFields({
  baseUrl: {
    type: 'string',
    format: 'uri',
    label: 'Address of the Shop',
    description:
      'Address of the shop: https://shop.example. For Adobe Commerce as a Cloud Service, the address of its API with the tenant.',
    required: true,
  },
  consumerKey: key(
    'Consumer Key',
    'Of the integration, created in Magento under System > Integrations and activated.',
  ),
  consumerSecret: key('Consumer Secret', 'Of the integration.'),
  accessToken: key('Access Token', 'Of the integration.'),
  accessTokenSecret: key('Access Token Secret', 'Of the integration.'),
  imsClientId: {
    type: 'string',
    label: 'IMS Client Id',
    description:
      'Of a project in the Adobe Developer Console, for Adobe Commerce as a Cloud Service, in place of the four keys.',
  },
  imsClientSecret: { type: 'password', label: 'IMS Client Secret', description: 'Of the same project.' },
  imsOrganization: {
    type: 'string',
    label: 'IMS Organization',
    description: 'Id of the organization: 0123456789ABCDEF01234567@AdobeOrg.',
  },
  imsUrl: {
    type: 'string',
    format: 'uri',
    label: 'Address of IMS',
    description: 'Where tokens are issued; empty: the address of Adobe.',
  },
  storeViews: {
    type: 'string',
    multiple: true,
    label: 'Store Views',
    description: 'Codes of the store views whose orders and carts are read; empty: all.',
  },
  completeOn: {
    type: 'string',
    label: 'An order counts',
    description: 'When an order counts; before that, its payment may still fail.',
    default: 'created',
    choices: [
      { label: 'As soon as it is placed', value: 'created' },
      { label: 'When it is paid', value: 'paid' },
    ],
  },
  orderAttributes: {
    type: 'string',
    multiple: true,
    label: 'Extension Attributes of Orders',
    description:
      'Names of extension attributes of orders, added by modules, to read. utm_source and similar ones become the attribution.',
  },
  customerAttributes: {
    type: 'string',
    multiple: true,
    label: 'Custom Attributes of Customers',
    description: 'Codes of the custom attributes of customers to read.',
  },
  brandAttribute: {
    type: 'string',
    label: 'Attribute of the Brand',
    description: 'Code of the product attribute that contains the brand.',
    default: 'manufacturer',
  },
  imageCode: {
    type: 'string',
    label: 'Size of Images',
    description:
      'Code of an image in the view.xml of the theme, such as category_page_grid, to get product images in its size; empty: as uploaded.',
  },
  productUrlSuffix: {
    type: 'string',
    label: 'Ending of Product Pages',
    description: 'Ending of the addresses of products.',
    default: '.html',
  },
  adobeClientId: {
    type: 'string',
    label: 'Client Id of Adobe I/O Events',
    description:
      'Client ID of the project whose event registration calls the webhook; empty: the shop is only polled every minute.',
  },
  adobeClientSecret: {
    type: 'password',
    label: 'Client Secret of Adobe I/O Events',
    description: 'Of the same project, for its journal; empty: the IMS client secret.',
  },
  adobeOrganization: {
    type: 'string',
    label: 'Organization of Adobe I/O Events',
    description: 'Id of its organization, for the journal; empty: the IMS organization.',
  },
  adobeJournalUrl: {
    type: 'string',
    format: 'uri',
    label: 'Address of the Journal',
    description:
      'Unique API endpoint of the event registration: its events are read there every minute, in addition to the webhook or in place of it.',
  },
  adobeKeysUrl: {
    type: 'string',
    format: 'uri',
    label: 'Address of the Keys of Adobe',
    description: 'Where the public keys for the signatures of events are; empty: the address of Adobe.',
  },
  ...shopSettings,
});

/** The settings as they are configured. */
export type Settings = Payload<typeof settings>;

/** What the readers are handed. */
export type Context = SourceContext<Settings>;
