import { defineFields } from '../action.ts';
import type { Payload } from '../fields.ts';

/** Settings common to all shops: spread them into the settings of its source. */
export const shopSettings = defineFields({
  identity: {
    type: 'string',
    label: 'Customer Identifier',
    description:
      'What events use as the user ID. Account ID: the ID of the account in the shop, with `userIdPrefix`. E-mail address: the address in lower case, also for guests. External ID: the ID that another system gave the customer. Guests have no account, so only the e-mail address gives them a user ID.',
    default: 'customer',
    choices: [
      { label: 'Account ID', value: 'customer' },
      { label: 'E-mail address', value: 'email' },
      { label: 'External ID', value: 'external' },
    ],
  },
  userIdPrefix: {
    type: 'string',
    label: 'User ID Prefix',
    description: 'Prefix of account IDs, for shops that use the same account IDs.',
  },
  phoneCountry: {
    type: 'string',
    label: 'Phone Country',
    description:
      'Two-letter ISO 3166-1 code for phone numbers without a country code, if no address names the country.',
    maximum: 2,
    minimum: 2,
  },
  testOrders: {
    type: 'boolean',
    label: 'Include Test Orders',
    description: 'Whether test orders produce events.',
    default: false,
  },
  leaveOut: {
    type: 'string',
    multiple: true,
    label: 'Excluded Events',
    description:
      'Names of events that are not sent: Cart Updated, Order Shipped; Identify for identify calls.',
  },
  storefrontKey: {
    type: 'string',
    label: 'Storefront Key',
    description:
      "The key with which the script in the shop's pages sends events; choose any string. Anyone can read it in the pages, so it is accepted only for storefront events. Without a key, there is no script.",
    minimum: 16,
    maximum: 100,
  },
  storefrontConsent: {
    type: 'string',
    label: 'Storefront Consent',
    description:
      'Whether the script stores and sends nothing until the visitor consents, or stores and sends until the visitor refuses.',
    default: 'asked',
    choices: [
      { label: 'Ask visitors first', value: 'asked' },
      { label: 'Assume consent until refused', value: 'assumed' },
    ],
  },
  writeConsent: {
    type: 'boolean',
    label: 'Write Iterable Consent',
    description:
      'Whether unsubscribes and subscribes in Iterable, received by webhook at `/sources/<id>/consent`, are written to the shop.',
    default: false,
  },
  consentSecret: {
    type: 'password',
    label: 'Consent Webhook Secret',
    description: 'The secret that Iterable must send as `Authorization: Bearer <secret>`.',
  },
  consentDestination: {
    type: 'string',
    label: 'Consent Destination',
    description:
      'ID of the Iterable destination of this workspace that is queried every six hours for choices, because webhooks may be lost. Empty: no queries.',
  },
  consentIds: {
    type: 'integer',
    multiple: true,
    label: 'Consent IDs',
    description:
      'IDs of the Iterable channels, message types and lists that correspond to the newsletter of the shop. Empty: every channel, but no single list or message type.',
  },
});

/** The common settings of a shop, as configured. */
export type ShopSettings = Payload<typeof shopSettings>;
