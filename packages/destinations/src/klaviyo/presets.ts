import { defaultMapping, type Preset } from '@waybill/core';

import { itemsField } from './actions/items.ts';
import { orderedProducts } from './actions/ordered-products.ts';
import { subscribe, unsubscribe } from './actions/subscriptions.ts';
import { trackEvent } from './actions/track-event.ts';
import { upsertProfile } from './actions/upsert-profile.ts';

/** Requires an identified person: Klaviyo cannot store an anonymous cart. */
const SOMEBODY = '(userId != null or context.traits.email != null or properties.email != null)';

const path = (name: string) => ({ '@path': `$.properties.${name}` });
const either = (name: string, other: string) => ({
  '@if': { exists: path(name), then: path(name), else: path(other) },
});
const LINES = itemsField.items.default;
const ADDRESSES = { BillingAddress: path('billing_address'), ShippingAddress: path('shipping_address') };
const ORDER = { OrderId: path('order_id'), OrderNumber: path('order_number'), Store: path('store_name') };

/** Creates a preset for one of Klaviyo's metrics of shops. */
function metric(
  name: string,
  event: string,
  own: {
    readonly uniqueId: object;
    readonly properties: object;
    readonly value?: object;
    readonly items?: object;
  },
): Preset {
  return {
    slug: name.toLowerCase().replaceAll(' ', '-'),
    name,
    type: 'automatic',
    action: 'trackEvent',
    trigger: `type = "track" and event = "${event}" and ${SOMEBODY}`,
    mapping: { ...withoutValue(), metric: name, ...own },
  };
}

function withoutValue(): Record<string, unknown> {
  const { value: _value, ...rest } = defaultMapping(trackEvent.fields);
  return rest;
}

/** Events with separate presets, or without information about a person. */
const OTHERWISE = [
  ...['Order Completed', 'Order Shipped', 'Order Cancelled', 'Order Refunded', 'Checkout Started'],
  ...[
    'Product Viewed',
    'Product Added',
    'Order Updated',
    'Cart Updated',
    'Product Updated',
    'Product Deleted',
  ],
  ...['Email Subscribed', 'Email Unsubscribed', 'SMS Subscribed', 'SMS Unsubscribed'],
];

const PRODUCT = {
  ProductID: path('product_id'),
  SKU: path('sku'),
  ProductName: path('name'),
  Brand: path('brand'),
  Categories: { '@arrayPath': ['$.properties.category', {}] },
  Price: path('price'),
  URL: path('url'),
  ImageURL: path('image_url'),
};

const consent = (
  slug: string,
  name: string,
  { action, fields }: { readonly action: string; readonly fields: Parameters<typeof defaultMapping>[0] },
  event: string,
  channel: string,
): Preset => ({
  slug,
  name,
  type: 'automatic',
  action,
  trigger: `type = "track" and event = "${event}"`,
  mapping: { ...defaultMapping(fields), channels: [channel] },
});
const YES = { action: 'subscribe', fields: subscribe.fields };
const NO = { action: 'unsubscribe', fields: unsubscribe.fields };

/** The automatic presets: the metrics that start Klaviyo's flows for shops, profiles, and consent. */
export const presets: readonly Preset[] = [
  {
    slug: 'profiles',
    name: 'Profiles',
    type: 'automatic',
    action: 'upsertProfile',
    trigger: 'type = "identify" and (userId != null or traits.email != null or traits.phone != null)',
    mapping: defaultMapping(upsertProfile.fields),
  },
  metric('Placed Order', 'Order Completed', {
    uniqueId: path('order_id'),
    value: either('total', 'revenue'),
    items: LINES,
    properties: {
      ...ORDER,
      ...ADDRESSES,
      DiscountCode: path('coupon'),
      DiscountValue: path('discount'),
      Shipping: path('shipping'),
      Tax: path('tax'),
    },
  }),
  {
    slug: 'ordered-product',
    name: 'Ordered Product',
    type: 'automatic',
    action: 'orderedProducts',
    trigger: `type = "track" and event = "Order Completed" and ${SOMEBODY}`,
    mapping: defaultMapping(orderedProducts.fields),
  },
  metric('Fulfilled Order', 'Order Shipped', {
    uniqueId: either('shipment_id', 'order_id'),
    items: LINES,
    properties: {
      ...ORDER,
      Carrier: path('carrier'),
      TrackingNumber: path('tracking_number'),
      TrackingURL: path('tracking_url'),
    },
  }),
  metric('Cancelled Order', 'Order Cancelled', {
    uniqueId: path('order_id'),
    value: either('total', 'revenue'),
    items: LINES,
    properties: { ...ORDER, Reason: path('reason') },
  }),
  metric('Refunded Order', 'Order Refunded', {
    uniqueId: either('refund_id', 'order_id'),
    value: either('total', 'revenue'),
    items: LINES,
    properties: { ...ORDER, RefundId: path('refund_id'), Reason: path('reason') },
  }),
  metric('Started Checkout', 'Checkout Started', {
    uniqueId: either('checkout_id', 'cart_id'),
    value: either('value', 'total'),
    items: LINES,
    properties: {
      CheckoutId: path('checkout_id'),
      CheckoutURL: path('cart_url'),
      DiscountCode: path('coupon'),
    },
  }),
  metric('Viewed Product', 'Product Viewed', {
    uniqueId: { '@path': '$.messageId' },
    value: path('price'),
    properties: PRODUCT,
  }),
  metric('Added to Cart', 'Product Added', {
    uniqueId: { '@path': '$.messageId' },
    value: path('price'),
    properties: { ...PRODUCT, Quantity: path('quantity') },
  }),
  {
    slug: 'other-events',
    name: 'Other Events',
    type: 'automatic',
    action: 'trackEvent',
    trigger: `type = "track" and !(event in ${JSON.stringify(OTHERWISE)}) and ${SOMEBODY}`,
    mapping: defaultMapping(trackEvent.fields),
  },
  consent('email-subscribed', 'E-mail: subscribed', YES, 'Email Subscribed', 'email'),
  consent('email-unsubscribed', 'E-mail: unsubscribed', NO, 'Email Unsubscribed', 'email'),
  consent('sms-subscribed', 'SMS: subscribed', YES, 'SMS Subscribed', 'sms'),
  consent('sms-unsubscribed', 'SMS: unsubscribed', NO, 'SMS Unsubscribed', 'sms'),
];
