import { defineFields } from '../action.ts';
import type { Payload } from '../fields.ts';
import { addressFields, attributionFields, field, lineFields, personFields, storeFields } from './parts.ts';

const { text, texts, time, money, flag, count, free } = field;
const id = { ...text('ID', 'ID in the shop, which never changes.'), required: true } as const;
const currency = { ...text('Currency', 'ISO 4217 code of all amounts.'), required: true } as const;
const person = {
  type: 'object',
  label: 'Customer',
  description: 'The person it belongs to.',
  properties: personFields,
} as const;
const lines = {
  type: 'object',
  label: 'Lines',
  description: 'Its lines.',
  multiple: true,
  properties: lineFields,
} as const;
const store = {
  type: 'object',
  label: 'Store',
  description: 'Store and channel.',
  properties: storeFields,
} as const;
const address = (label: string) =>
  ({ type: 'object', label, description: `${label}.`, properties: addressFields }) as const;
const custom = free('Custom', 'Other data of the shop, by name.');
const lineOf = {
  type: 'object',
  label: 'Lines',
  description: 'The lines, with quantities.',
  multiple: true,
  properties: defineFields({
    lineId: text('Line ID', 'ID of the line of the order.'),
    quantity: { type: 'number', label: 'Quantity', description: 'How many.' },
    amount: money('Amount', 'Amount for this line.'),
  }),
} as const;

const order = defineFields({
  id,
  number: text('Number', 'The number that customers see.'),
  placedAt: time('Placed', 'When it was placed; absent for one that never was, because its payment failed.'),
  updatedAt: time('Updated', 'When it last changed, if the shop reports it.'),
  status: {
    ...text('Status', 'open: not an order yet, because its payment may still fail; placed; cancelled.'),
    required: true,
    choices: ['open', 'placed', 'cancelled'],
  },
  shopStatus: text('Status in the Shop', 'Status as the shop names it.'),
  cancelledAt: time('Cancelled', 'When it was cancelled.'),
  cancelReason: text('Reason', 'Why it was cancelled.'),
  isTest: flag('Test', 'Whether it is a test order.'),
  customer: person,
  billingAddress: address('Billing Address'),
  shippingAddress: address('Shipping Address'),
  currency,
  subtotal: money('Subtotal', 'All lines after discounts, before tax and shipping.'),
  discount: money('Discount', 'The whole discount, counted once, as a positive amount.'),
  shipping: money('Shipping', 'Shipping, without tax if the shop reports it separately.'),
  tax: money('Tax', 'All taxes, counted once.'),
  total: { ...money('Total', 'The amount paid, as the shop reports it; never computed.'), required: true },
  baseCurrency: text('Base Currency', 'The base currency of the shop.'),
  baseTotal: money('Base Total', 'The total in the base currency.'),
  coupons: texts('Coupons', 'Coupon codes that were used.'),
  lines,
  refunds: {
    type: 'object',
    label: 'Refunds',
    description: 'Refunds, one for each time money was refunded.',
    multiple: true,
    properties: defineFields({
      id: { ...text('ID', 'ID of the refund, different each time.'), required: true },
      at: time('Time', 'When.'),
      amount: { ...money('Amount', 'How much, as a positive amount.'), required: true },
      shipping: money('Shipping', 'The part of it for shipping.'),
      tax: money('Tax', 'The part of it that is tax.'),
      reason: text('Reason', 'Why.'),
      lines: lineOf,
    }),
  },
  refundedTotal: money(
    'Refunded',
    'Total refunded, for shops that report the sum instead of refunds: each increase is a refund.',
  ),
  refundedShipping: money('Refunded Shipping', 'The part of that sum for shipping.'),
  refundedTax: money('Refunded Tax', 'The part of that sum that is tax.'),
  refundedAt: time('Refunded At', 'When the sum last increased.'),
  refundReason: text('Refund Reason', 'Why it last increased.'),
  shipments: {
    type: 'object',
    label: 'Shipments',
    description: 'Parcels that were shipped.',
    multiple: true,
    properties: defineFields({
      id: { ...text('ID', 'ID of the shipment.'), required: true },
      at: time('Sent', 'When it was shipped.'),
      carrier: text('Carrier', 'The carrier.'),
      service: text('Service', 'The shipping service.'),
      trackingNumbers: texts('Tracking Numbers', 'Tracking numbers.'),
      trackingUrl: text('Tracking Page', 'Tracking page.'),
      deliveredAt: time('Delivered', 'When it was delivered.'),
      lines: lineOf,
    }),
  },
  replaces: text('Replaces', 'ID of the order that was cancelled in favour of this one.'),
  replacedBy: text('Replaced By', 'ID of the order that replaces this one.'),
  cartId: text('Cart ID', 'The cart that became the order.'),
  visitorKey: text(
    'Visitor Key',
    'The key to find its visitor if the order names no cart: derived from its ID and the address it was placed from.',
  ),
  subscriptionId: text('Subscription ID', 'The subscription that it belongs to.'),
  isRebill: flag('Renewal', 'Whether it is a renewal of a subscription, not its first order.'),
  paymentMethod: text('Payment', 'The payment method.'),
  shippingMethod: text('Shipping Method', 'The shipping method.'),
  attribution: {
    type: 'object',
    label: 'Attribution',
    description: 'Where the customer came from.',
    properties: attributionFields,
  },
  store,
  custom,
});

const cart = defineFields({
  id,
  createdAt: time('Created', 'When it was created.'),
  updatedAt: time('Updated', 'When it last changed.'),
  status: {
    ...text('Status', 'active; ordered: it became an order; gone: deleted, or merged into another cart.'),
    required: true,
    choices: ['active', 'ordered', 'gone'],
  },
  orderId: text('Order ID', 'The order that it became.'),
  checkoutAt: time('Checkout', 'When the checkout started, if the shop reports it.'),
  abandonedAt: time('Abandoned', 'When the shop itself marked it as abandoned.'),
  customer: person,
  currency,
  subtotal: money('Subtotal', 'All lines after discounts, before tax and shipping.'),
  discount: money('Discount', 'The whole discount, as a positive amount.'),
  shipping: money('Shipping', 'Shipping.'),
  tax: money('Tax', 'All taxes.'),
  total: money('Total', 'The amount to pay.'),
  coupons: texts('Coupons', 'Coupon codes that were entered.'),
  lines,
  url: text('Address', 'A link back to it.'),
  attribution: {
    type: 'object',
    label: 'Attribution',
    description: 'Where the customer came from.',
    properties: attributionFields,
  },
  store,
  custom,
});

const customer = defineFields({
  ...personFields,
  id,
  createdAt: time('Created', 'When the account was created.'),
  updatedAt: time('Updated', 'When it last changed, if the shop reports it.'),
  birthday: { type: 'string', format: 'date', label: 'Birthday', description: 'YYYY-MM-DD.' },
  gender: text('Gender', 'As stored in the shop.'),
  company: text('Company', 'Company.'),
  address: address('Address'),
  group: text('Group', 'Customer group, tier or loyalty status.'),
  tags: texts('Tags', 'Tags.'),
  currency: text('Currency', 'ISO 4217 code of the lifetime value.'),
  lifetimeTotal: money('Lifetime Value', 'The amount spent, as the shop reports it.'),
  lifetimeOrders: count('Orders', 'The number of orders, as the shop reports it.'),
  store,
  custom,
});

const consent = defineFields({
  id: { ...text('ID', 'Identifies person and channel.'), required: true },
  customer: person,
  channel: {
    ...text('Channel', 'The channel.'),
    required: true,
    choices: ['email', 'sms', 'whatsapp', 'push'],
  },
  state: {
    ...text(
      'State',
      "The person's choice. pending: opted in, to be confirmed; none: not opted in, and it is unknown whether they were asked.",
    ),
    required: true,
    choices: ['subscribed', 'unsubscribed', 'pending', 'none'],
  },
  at: time('Time', 'When the choice was made, if the shop reports it.'),
  origin: text('Origin', 'Where the choice was made: checkout, footer, import.'),
  lists: texts('Lists', 'Lists of the shop that the choice is about.'),
  store,
});

const product = defineFields({
  id,
  sku: text('SKU', 'Stock keeping unit.'),
  name: { ...text('Name', 'Name.'), required: true },
  description: text('Description', 'Description, as plain text.'),
  status: { ...text('Status', 'Whether it is for sale.'), required: true, choices: ['active', 'inactive'] },
  createdAt: time('Created', 'When it was created.'),
  updatedAt: time('Updated', 'When it last changed, if the shop reports it.'),
  url: text('Address', 'Its page.'),
  imageUrl: text('Image', 'Its first image.'),
  images: texts('Images', 'All images.'),
  brand: text('Brand', 'Brand.'),
  categories: texts('Categories', 'Categories by name, the most general first.'),
  currency,
  price: money('Price', 'Price of the cheapest variant.'),
  salePrice: money('Sale Price', 'Sale price, while there is one.'),
  stock: { type: 'number', label: 'Stock', description: 'Quantity in stock; absent: not tracked.' },
  variants: {
    type: 'object',
    label: 'Variants',
    description: 'Variants.',
    multiple: true,
    properties: defineFields({
      id,
      sku: text('SKU', 'Stock keeping unit.'),
      name: text('Name', 'Name of the variant: "Red, XL".'),
      price: money('Price', 'Price.'),
      salePrice: money('Sale Price', 'Sale price, while there is one.'),
      stock: { type: 'number', label: 'Stock', description: 'Quantity in stock; absent: not tracked.' },
      imageUrl: text('Image', 'Picture.'),
      attributes: free('Attributes', 'Attributes by name.'),
    }),
  },
  store,
  custom,
});

const subscription = defineFields({
  id,
  customer: person,
  status: {
    ...text('Status', 'Status of the subscription.'),
    required: true,
    choices: ['active', 'paused', 'cancelled', 'failed', 'ended'],
  },
  startedAt: time('Started', 'When it started.'),
  updatedAt: time('Updated', 'When it last changed.'),
  nextOrderAt: time('Next Order', 'When the next order is due.'),
  originalOrderId: text('First Order', 'Its first order.'),
  lastOrderId: text('Last Order', 'Its latest order.'),
  orders: count('Orders', 'Number of orders so far.'),
  failures: count('Failures', 'Number of consecutive failed payments.'),
  interval: text('Interval', 'Interval: "every 2 weeks".'),
  cancelledAt: time('Cancelled', 'When it was cancelled.'),
  cancelReason: text('Reason', 'Why.'),
  currency,
  total: money('Total', 'Price of one of its orders.'),
  lines,
  store,
  custom,
});

const review = defineFields({
  id,
  productId: { ...text('Product ID', 'The product.'), required: true },
  orderId: text('Order ID', 'The order in which it was bought.'),
  customer: person,
  rating: { type: 'number', label: 'Rating', description: 'Stars, from 1 to 5.' },
  title: text('Title', 'Headline.'),
  body: text('Text', 'Text.'),
  status: { ...text('Status', 'Whether it is published.'), choices: ['pending', 'approved', 'rejected'] },
  at: time('Time', 'When it was written.'),
  store,
});

/** The fields of every kind of object in shops, for all platforms. */
export const SHOP_FIELDS = { order, cart, customer, consent, product, subscription, review };

/** A kind of object in a shop. */
export type ShopKind = keyof typeof SHOP_FIELDS;

/** The states, by kind. */
export type ShopStates = { readonly [K in ShopKind]: Payload<(typeof SHOP_FIELDS)[K]> };

/** The state of an object of a shop at one moment. */
export type ShopState = { readonly [K in ShopKind]: { readonly kind: K } & ShopStates[K] }[ShopKind];

/** The information that an object of a shop was deleted. */
export interface ShopGone {
  readonly kind: ShopKind;
  readonly id: string;
  readonly gone: true;
  /** ISO 8601; the time of detection when absent. */
  readonly at?: string;
}

/** An order. */
export type OrderState = ShopStates['order'];
/** A cart. */
export type CartState = ShopStates['cart'];
/** A customer with an account. */
export type CustomerState = ShopStates['customer'];
/** A person's consent for one channel. */
export type ConsentState = ShopStates['consent'];
/** A product with its variants. */
export type ProductState = ShopStates['product'];
/** A recurring order. */
export type SubscriptionState = ShopStates['subscription'];
/** A review of a product. */
export type ReviewState = ShopStates['review'];
/** A postal address. */
export type ShopAddress = Payload<typeof addressFields>;
/** A person. */
export type ShopPerson = Payload<typeof personFields>;
/** A line of an order, a cart or a subscription. */
export type ShopLine = Payload<typeof lineFields>;
/** The store that something belongs to. */
export type ShopStore = Payload<typeof storeFields>;
/** Where a customer came from. */
export type ShopAttribution = Payload<typeof attributionFields>;
