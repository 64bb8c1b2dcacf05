import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

const key = (label: string, description: string) =>
  ({
    type: 'password',
    label,
    description,
    required: { conditions: [{ fieldKey: 'imsClientId', operator: 'is' }] },
  }) as const;

/** The settings of a Magento: its address, the keys of an integration, and options. */
export const settings = defineFields({
  baseUrl: {
    type: 'string',
    format: 'uri',
    label: 'Shop URL',
    description:
      'URL of the shop, such as https://shop.example. For Adobe Commerce as a Cloud Service, the URL of its API, including the tenant.',
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
    label: 'IMS Client ID',
    description:
      'Of a project in the Adobe Developer Console, for Adobe Commerce as a Cloud Service, in place of the four keys.',
  },
  imsClientSecret: { type: 'password', label: 'IMS Client Secret', description: 'Of the same project.' },
  imsOrganization: {
    type: 'string',
    label: 'IMS Organization',
    description: 'ID of the organization: 0123456789ABCDEF01234567@AdobeOrg.',
  },
  imsUrl: {
    type: 'string',
    format: 'uri',
    label: 'IMS URL',
    description: 'The token endpoint; empty: that of Adobe.',
  },
  storeViews: {
    type: 'string',
    multiple: true,
    label: 'Store Views',
    description: 'Codes of the store views whose orders and carts are read; empty: all.',
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
  orderAttributes: {
    type: 'string',
    multiple: true,
    label: 'Order Extension Attributes',
    description:
      'Names of extension attributes of orders, added by modules, to read. utm_source and similar ones become the attribution.',
  },
  customerAttributes: {
    type: 'string',
    multiple: true,
    label: 'Customer Custom Attributes',
    description: 'Codes of the custom attributes of customers to read.',
  },
  brandAttribute: {
    type: 'string',
    label: 'Brand Attribute',
    description: 'Code of the product attribute that contains the brand.',
    default: 'manufacturer',
  },
  imageCode: {
    type: 'string',
    label: 'Image Size',
    description:
      'Code of an image in the view.xml of the theme, such as category_page_grid, to get product images in its size; empty: as uploaded.',
  },
  productUrlSuffix: {
    type: 'string',
    label: 'Product Page Suffix',
    description: 'Suffix of product page URLs.',
    default: '.html',
  },
  adobeClientId: {
    type: 'string',
    label: 'Adobe I/O Client ID',
    description:
      'Client ID of the project whose event registration calls the webhook; empty: the shop is only polled every minute.',
  },
  adobeClientSecret: {
    type: 'password',
    label: 'Adobe I/O Client Secret',
    description: 'Of the same project, for its journal; empty: the IMS client secret.',
  },
  adobeOrganization: {
    type: 'string',
    label: 'Adobe I/O Organization',
    description: 'ID of its organization, for the journal; empty: the IMS organization.',
  },
  adobeJournalUrl: {
    type: 'string',
    format: 'uri',
    label: 'Journal URL',
    description:
      'Unique API endpoint of the event registration: its events are read there every minute, in addition to the webhook or in place of it.',
  },
  adobeKeysUrl: {
    type: 'string',
    format: 'uri',
    label: 'Adobe Keys URL',
    description: 'Where to fetch the public keys that verify events; empty: from Adobe.',
  },
  ...shopSettings,
});

/** The settings as they are configured. */
export type Settings = Payload<typeof settings>;

/** The context of the readers. */
export type Context = SourceContext<Settings>;
