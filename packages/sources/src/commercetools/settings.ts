import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

const name = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const names = (label: string, description: string) =>
  ({ type: 'string', multiple: true, label, description }) as const;
const address = (label: string, description: string, preset: string) =>
  ({ type: 'string', format: 'uri', label, description, default: preset }) as const;

/** The default region of commercetools. */
export const REGION = 'europe-west1.gcp.commercetools.com';
/** Where Google publishes the keys for its tokens. */
export const GOOGLE_KEYS = 'https://www.googleapis.com/oauth2/v3/certs';

/** The settings of a commercetools project. */
export const settings = defineFields({
  projectKey: { ...name('Project ID', 'The project key.'), required: true },
  clientId: { ...name('Client ID', 'ID of the API client.'), required: true },
  clientSecret: {
    type: 'password',
    label: 'Client Secret',
    description: 'Secret of the API client.',
    required: true,
  },
  apiUrl: address('API URL', 'Host of the API, by the region of the project.', `https://api.${REGION}`),
  authUrl: address('Token URL', 'The token endpoint, in the same region.', `https://auth.${REGION}`),
  locale: name('Default Language', 'Language of names for customers without a language: de-DE.'),
  completeOn: {
    type: 'string',
    label: 'Order Counts',
    description: 'When an order counts: when it is created, or when its payment state is Paid.',
    default: 'created',
    choices: [
      { label: 'When created', value: 'created' },
      { label: 'When paid', value: 'paid' },
    ],
  },
  productUrl: name(
    'Product Page URL',
    'Address of a product page, with {slug}, {sku}, {id}, {key} and {locale} in place of the values of the product.',
  ),
  cartUrl: name('Cart Link', 'Link back to a cart, with {id} in place of its ID.'),
  priceCurrency: name('Price Currency', 'Currency of the product price to use, as ISO 4217 code.'),
  priceCountry: name('Price Country', 'Country of the product price to use, as ISO 3166-1 code.'),
  brandAttribute: { ...name('Brand Attribute', 'Attribute that contains the brand.'), default: 'brand' },
  variantAttributes: names(
    'Variant Attributes',
    'Attributes that distinguish variants, such as size and color.',
  ),
  orderFields: names('Order Fields', 'Custom fields of orders and carts to include in events.'),
  customerFields: names('Customer Fields', 'Custom fields of customers to include in events.'),
  emailConsentField: name(
    'E-mail Consent Field',
    'Custom field of customers: true or "subscribed" for an opt-in, false or "unsubscribed" for an opt-out.',
  ),
  smsConsentField: name('SMS Consent Field', 'Custom field of customers, as for e-mail.'),
  whatsAppConsentField: name('WhatsApp Consent Field', 'Custom field of customers, as for e-mail.'),
  pubSubTopic: name('Pub/Sub Topic', 'projects/<project>/topics/<topic> of Google Cloud.'),
  pushAudience: name('Push Audience', 'Audience of the tokens that the push subscription sends.'),
  pushServiceAccount: name('Push Service Account', 'E-mail address of the account that issues those tokens.'),
  pushKeysUrl: address(
    'Google Keys URL',
    'Where to fetch the keys that verify those tokens; change it only for a local shop.',
    GOOGLE_KEYS,
  ),
  snsTopicArn: name('SNS Topic', 'ARN of the topic of Amazon SNS that calls the webhook.'),
  sqsQueueUrl: {
    type: 'string',
    format: 'uri',
    label: 'SQS Queue',
    description: 'Address of the Amazon SQS queue to read, if nothing can call the webhook.',
  },
  awsAccessKeyId: name(
    'AWS Access Key ID',
    'Of a user with permission to receive and delete messages of the queue.',
  ),
  awsSecretAccessKey: {
    type: 'password',
    label: 'AWS Secret Access Key',
    description: 'The secret of that key.',
  },
  awsRegion: name('AWS Region', 'Region of the queue, if its address does not name it.'),
  ...shopSettings,
});

/** The settings, as they are configured. */
export type Settings = Payload<typeof settings>;

/** The context of the functions of this source. */
export type Context = SourceContext<Settings>;
