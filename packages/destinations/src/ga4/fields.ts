import { defineFields } from '@waybill/core';

const either = (first: string, second: string, third?: string) => ({
  '@waybill.coalesce': [first, second, third].flatMap((path) =>
    path === undefined ? [] : [{ '@path': path }],
  ),
});

/** The user and time, common to all events. */
export const whoFields = defineFields({
  clientId: {
    type: 'string',
    label: 'Client ID',
    description:
      'The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.',
    required: true,
    default: either('$.properties.ga_client_id', '$.anonymousId', '$.userId'),
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description:
      'At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.',
    default: { '@path': '$.userId' },
  },
  timestamp: {
    type: 'datetime',
    label: 'Timestamp',
    description: 'When it happened. Google accepts events that are at most 72 hours old.',
    default: { '@path': '$.timestamp' },
  },
  sessionId: {
    type: 'string',
    label: 'Session ID',
    description: 'The session in Google Analytics, if a page reports it.',
    default: { '@path': '$.properties.ga_session_id' },
  },
  engagementTime: {
    type: 'integer',
    label: 'Engagement Time',
    description: 'Milliseconds; without any, a user does not count as active.',
    default: 1,
    minimum: 0,
  },
  userProperties: {
    type: 'object',
    label: 'User Properties',
    description: 'At most 25.',
    defaultObjectUI: 'keyvalue',
  },
  adConsent: {
    type: 'object',
    label: 'Consent',
    description: 'Whether data may be used for advertising.',
    properties: {
      adUserData: {
        type: 'string',
        label: 'Ad User Data',
        description: 'Whether user data may be sent to Google for advertising.',
        choices: ['GRANTED', 'DENIED'],
      },
      adPersonalization: {
        type: 'string',
        label: 'Ad Personalization',
        description: 'Whether advertising may be personalized.',
        choices: ['GRANTED', 'DENIED'],
      },
    },
  },
  params: {
    type: 'object',
    label: 'Additional Parameters',
    description: 'Parameters in addition to those of the fields: 25 in all.',
    defaultObjectUI: 'keyvalue',
  },
});

/** Fields of what is bought, viewed or added to a cart. */
export const moneyFields = defineFields({
  currency: {
    type: 'string',
    label: 'Currency',
    description: 'ISO 4217 code. Required if there is a value.',
    default: { '@path': '$.properties.currency' },
  },
  value: {
    type: 'number',
    label: 'Value',
    description: 'Total without tax and shipping.',
    default: either('$.properties.revenue', '$.properties.value', '$.properties.total'),
  },
});

const item = {
  item_id: either('product_id', 'sku'),
  item_name: { '@path': 'name' },
  item_brand: { '@path': 'brand' },
  item_category: { '@path': 'category' },
  item_variant: { '@path': 'variant' },
  price: { '@path': 'price' },
  quantity: { '@path': 'quantity' },
  discount: { '@path': 'discount' },
  coupon: { '@path': 'coupon' },
};

/** Fields of products, as in the events of the e-commerce spec: in a list, or in the event itself. */
export function itemFields(from: '$.properties.products' | '$.properties', isRequired = true) {
  return defineFields({
    items: {
      type: 'object',
      label: 'Items',
      description: 'Products: at most 200, each with an ID or a name.',
      multiple: true,
      required: isRequired,
      additionalProperties: true,
      default: { '@arrayPath': [from, item] },
      properties: {
        item_id: { type: 'string', label: 'Item ID', description: 'Identifies the product.' },
        item_name: { type: 'string', label: 'Name', description: 'Name of the product.' },
        item_brand: { type: 'string', label: 'Brand', description: 'Its brand.' },
        item_category: { type: 'string', label: 'Category', description: 'Its category.' },
        item_variant: { type: 'string', label: 'Variant', description: 'The variant of the product.' },
        price: { type: 'number', label: 'Price', description: 'Unit price after discounts.' },
        quantity: { type: 'number', label: 'Quantity', description: 'How many.' },
        discount: { type: 'number', label: 'Discount', description: 'The discount for one unit.' },
        coupon: { type: 'string', label: 'Coupon', description: 'Code of the item.' },
      },
    },
  });
}
