import { defineFields } from '../action.ts';
import type { Payload } from '../fields.ts';

/** Settings common to all shops: spread them into the settings of its source. */
export const shopSettings = defineFields({
  identity: {
    type: 'string',
    label: 'Identify customers by',
    description:
      'The user ID of events: the ID of the account, with `userIdPrefix`; the e-mail address, in lower case; or the ID that another system gave. Guests have no account: they have a user ID only if it is the e-mail address.',
    default: 'customer',
    choices: [
      { label: 'Account in the shop', value: 'customer' },
      { label: 'E-mail address', value: 'email' },
      { label: 'External id', value: 'external' },
    ],
  },
  userIdPrefix: {
    type: 'string',
    label: 'Prefix of user ids',
    description: 'Put before the ID of an account, if several shops have accounts with the same IDs.',
  },
  phoneCountry: {
    type: 'string',
    label: 'Country of phone numbers',
    description:
      'ISO 3166-1 code of two letters, for numbers without a country code if no address has the country.',
    maximum: 2,
    minimum: 2,
  },
  testOrders: {
    type: 'boolean',
    label: 'Test orders too',
    description: 'Whether test orders produce events.',
    default: false,
  },
  leaveOut: {
    type: 'string',
    multiple: true,
    label: 'Events to leave out',
    description:
      'Names of events that are not sent: Cart Updated, Order Shipped; Identify for identify calls.',
  },
  storefrontKey: {
    type: 'string',
    label: 'Key of the storefront',
    description:
      "A string of your choice with which the script in the shop's pages sends events. Anyone can read it there, so it is not a secret: it is accepted only for storefront events. Without it there is no script.",
    minimum: 16,
    maximum: 100,
  },
  storefrontConsent: {
    type: 'string',
    label: 'Consent in the storefront',
    description:
      'Whether the script stores and sends nothing until the visitor consents, or stores and sends until the visitor refuses.',
    default: 'asked',
    choices: [
      { label: 'Visitors are asked first', value: 'asked' },
      { label: 'Assumed until refused', value: 'assumed' },
    ],
  },
  writeConsent: {
    type: 'boolean',
    label: 'Consent from Iterable',
    description:
      'Whether unsubscribes and subscribes in Iterable, received by webhook at `/sources/<id>/consent`, are written to the shop.',
    default: false,
  },
  consentSecret: {
    type: 'password',
    label: 'Secret of the consent webhook',
    description: 'The secret that requests of Iterable must have as `Authorization: Bearer <secret>`.',
  },
  consentDestination: {
    type: 'string',
    label: 'Destination of the consent',
    description:
      'ID of the Iterable destination of this workspace that is queried every six hours for choices, because webhooks may be lost. Empty: no queries.',
  },
  consentIds: {
    type: 'integer',
    multiple: true,
    label: 'Channels, types and lists of consent in Iterable',
    description:
      'IDs of the Iterable channels, message types and lists that correspond to the newsletter of the shop. Empty: every channel, and no single list or message type.',
  },
});

/** The common settings of a shop, as configured. */
export type ShopSettings = Payload<typeof shopSettings>;
