import { defineFields, type Payload, shopSettings, type SourceContext } from '@waybill/core';

const name = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const names = (label: string, description: string) =>
  ({ type: 'string', multiple: true, label, description }) as const;
const address = (label: string, description: string, preset: string) =>
  ({ type: 'string', format: 'uri', label, description, default: preset }) as const;

/** Where commercetools is when nothing else is said. */
export const REGION = 'europe-west1.gcp.commercetools.com';
/** Where Google publishes the keys that it signs tokens with. */
export const GOOGLE_KEYS = 'https://www.googleapis.com/oauth2/v3/certs';

/** The settings of a commercetools project. */
export const settings = defineFields({
  projectKey: { ...name('Name of the Project', 'The project key.'), required: true },
  clientId: { ...name('Client Id', 'Id of the API client.'), required: true },
  clientSecret: {
    type: 'password',
    label: 'Client Secret',
    description: 'Secret of the API client.',
    required: true,
  },
  apiUrl: address(
    'Address of the API',
    'Host of the API, by the region of the project.',
    `https://api.${REGION}`,
  ),
  authUrl: address(
    'Address of the Tokens',
    'Where access tokens are issued, in the same region.',
    `https://auth.${REGION}`,
  ),
  locale: name('Language', 'Language of names for customers that have none: de-DE.'),
  completeOn: {
    type: 'string',
    label: 'An order counts',
    description: 'When an order counts: when it is created, or when its payment state is Paid.',
    default: 'created',
    choices: [
      { label: 'When it is created', value: 'created' },
      { label: 'When it is paid', value: 'paid' },
    ],
  },
  productUrl: name(
    'Pages of Products',
    'Address of a product page, with {slug}, {sku}, {id}, {key} and {locale} in place of the values of the product.',
  ),
  cartUrl: name('Link to a Cart', 'Link back to a cart, with {id} in place of its ID.'),
  priceCurrency: name('Currency of Prices', 'Currency of the product price to use, as ISO 4217 code.'),
  priceCountry: name('Country of Prices', 'Country of the product price to use, as ISO 3166-1 code.'),
  brandAttribute: { ...name('Attribute of Brands', 'Attribute that contains the brand.'), default: 'brand' },
  variantAttributes: names(
    'Attributes of Variants',
    'Attributes that distinguish variants, such as size and color.',
  ),
  orderFields: names('Fields of Orders', 'Custom fields of orders and carts to include in events.'),
  customerFields: names('Fields of Customers', 'Custom fields of customers to include in events.'),
  emailConsentField: name(
    'Consent to E-mail',
    'Custom field of customers: true or "subscribed" for an opt-in, false or "unsubscribed" for an opt-out.',
  ),
  smsConsentField: name('Consent to SMS', 'Custom field of customers, as for e-mail.'),
  whatsAppConsentField: name('Consent to WhatsApp', 'Custom field of customers, as for e-mail.'),
  pubSubTopic: name('Pub/Sub Topic', 'projects/<project>/topics/<topic> of Google Cloud.'),
  pushAudience: name('Push Audience', 'Audience of the tokens that the push subscription sends.'),
  pushServiceAccount: name('Push Service Account', 'E-mail address of the account that issues those tokens.'),
  pushKeysUrl: address(
    'Keys of Google',
    'Address of the keys of those tokens; change it only for a local shop.',
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
    'AWS Access Key Id',
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

/** What the functions of this source are handed. */
export type Context = SourceContext<Settings>;
