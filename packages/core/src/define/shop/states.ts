import { defineFields } from '../action.ts';
import type { Payload } from '../fields.ts';
import { addressFields, attributionFields, field, lineFields, personFields, storeFields } from './parts.ts';

const { text, texts, time, money, flag, count, free } = field;
const id = { ...text('Id', 'Id in the shop, which never changes.'), required: true } as const;
const currency = { ...text('Currency', 'ISO 4217 code of all amounts.'), required: true } as const;
const person = {
  type: 'object',
  label: 'Customer',
  description: 'Whose it is.',
  properties: personFields,
} as const;
const lines = {
  type: 'object',
  label: 'Lines',
  description: 'What is in it.',
  multiple: true,
  properties: lineFields,
} as const;
const store = {
  type: 'object',
  label: 'Store',
  description: 'Where in the business it belongs.',
  properties: storeFields,
} as const;
const address = (label: string) =>
  ({ type: 'object', label, description: `${label}.`, properties: addressFields }) as const;
const custom = free('Custom', 'What else the shop keeps of it, by name.');
const lineOf = {
  type: 'object',
  label: 'Lines',
  description: 'Which lines, and how many of each.',
  multiple: true,
  properties: defineFields({
    lineId: text('Line Id', 'Id of the line of the order.'),
    quantity: { type: 'number', label: 'Quantity', description: 'How many.' },
    amount: money('Amount', 'How much of the money belongs to it.'),
  }),
} as const;

const order = defineFields({
  id,
  number: text('Number', 'The number that customers see.'),
  placedAt: time('Placed', 'When it was placed; absent for one that never was, as its payment failed.'),
  updatedAt: time('Updated', 'When it last changed, as far as the shop tells.'),
  status: {
    ...text('Status', 'open: not an order yet, as a payment that may still fail; placed; cancelled.'),
    required: true,
    choices: ['open', 'placed', 'cancelled'],
  },
  shopStatus: text('Status in the Shop', 'What the shop calls it.'),
  cancelledAt: time('Cancelled', 'When it was cancelled.'),
  cancelReason: text('Reason', 'Why it was cancelled.'),
  isTest: flag('Test', 'Whether it is a test, which no money was paid for.'),
  customer: person,
  billingAddress: address('Billing Address'),
  shippingAddress: address('Shipping Address'),
  currency,
  subtotal: money('Subtotal', 'All lines after discounts, before tax and shipping.'),
  discount: money('Discount', 'The whole discount, counted once, as a positive amount.'),
  shipping: money('Shipping', 'Shipping, without tax where the shop tells it apart.'),
  tax: money('Tax', 'All taxes, counted once.'),
  total: { ...money('Total', 'What is paid, as the shop says: never added up.'), required: true },
  baseCurrency: text('Base Currency', 'The currency that the shop keeps its books in.'),
  baseTotal: money('Base Total', 'The total in the base currency.'),
  coupons: texts('Coupons', 'Codes that were used.'),
  lines,
  refunds: {
    type: 'object',
    label: 'Refunds',
    description: 'Money that was given back: one each time.',
    multiple: true,
    properties: defineFields({
      id: { ...text('Id', 'ID of the refund, different each time.'), required: true },
      at: time('Time', 'When.'),
      amount: { ...money('Amount', 'How much, as a positive amount.'), required: true },
      shipping: money('Shipping', 'How much of it is for shipping.'),
      tax: money('Tax', 'How much of it is tax.'),
      reason: text('Reason', 'Why.'),
      lines: lineOf,
    }),
  },
  refundedTotal: money(
    'Refunded',
    'What was given back in all, by a shop that tells the sum in place of refunds: each time it grows is one.',
  ),
  refundedShipping: money('Refunded Shipping', 'How much of that sum is for shipping.'),
  refundedTax: money('Refunded Tax', 'How much of that sum is tax.'),
  refundedAt: time('Refunded at', 'When the sum last grew.'),
  refundReason: text('Refund Reason', 'Why it last grew.'),
  shipments: {
    type: 'object',
    label: 'Shipments',
    description: 'Parcels that were sent.',
    multiple: true,
    properties: defineFields({
      id: { ...text('Id', 'Id of the shipment.'), required: true },
      at: time('Sent', 'When it was sent.'),
      carrier: text('Carrier', 'Who carries it.'),
      service: text('Service', 'How it is carried.'),
      trackingNumbers: texts('Tracking Numbers', 'Numbers to follow it by.'),
      trackingUrl: text('Tracking Page', 'Page to follow it on.'),
      deliveredAt: time('Delivered', 'When it arrived.'),
      lines: lineOf,
    }),
  },
  replaces: text('Replaces', 'Id of the order that was cancelled in favour of this one.'),
  replacedBy: text('Replaced by', 'ID of the order that replaces this one.'),
  cartId: text('Cart Id', 'The cart that became the order.'),
  visitorKey: text(
    'Visitor Key',
    'The key to find its visitor if the order names no cart: derived from its ID and the address it was placed from.',
  ),
  subscriptionId: text('Subscription Id', 'The subscription that it belongs to.'),
  isRebill: flag('Renewal', 'Whether a subscription made it, other than its first order.'),
  paymentMethod: text('Payment', 'How it is paid.'),
  shippingMethod: text('Shipping Method', 'How it is sent.'),
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
  createdAt: time('Created', 'When it was begun.'),
  updatedAt: time('Updated', 'When it last changed.'),
  status: {
    ...text('Status', 'active; ordered: it became an order; gone: deleted, or merged into another cart.'),
    required: true,
    choices: ['active', 'ordered', 'gone'],
  },
  orderId: text('Order Id', 'The order that it has become.'),
  checkoutAt: time('Checkout', 'When the customer began to check out, as far as the shop tells.'),
  abandonedAt: time('Abandoned', 'When the shop itself called it abandoned.'),
  customer: person,
  currency,
  subtotal: money('Subtotal', 'All lines after discounts, before tax and shipping.'),
  discount: money('Discount', 'The whole discount, as a positive amount.'),
  shipping: money('Shipping', 'Shipping.'),
  tax: money('Tax', 'All taxes.'),
  total: money('Total', 'What would be paid.'),
  coupons: texts('Coupons', 'Codes that were entered.'),
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
  createdAt: time('Created', 'When the account was made.'),
  updatedAt: time('Updated', 'When it last changed, as far as the shop tells.'),
  birthday: { type: 'string', format: 'date', label: 'Birthday', description: 'YYYY-MM-DD.' },
  gender: text('Gender', 'As the shop has it.'),
  company: text('Company', 'Company.'),
  address: address('Address'),
  group: text('Group', 'Customer group, tier or loyalty status.'),
  tags: texts('Tags', 'Tags.'),
  currency: text('Currency', 'ISO 4217 code of the lifetime value.'),
  lifetimeTotal: money('Lifetime Value', 'What the shop itself says the customer has spent.'),
  lifetimeOrders: count('Orders', 'How many orders the shop itself counts.'),
  store,
  custom,
});

const consent = defineFields({
  id: { ...text('Id', 'Person and channel: the same string for the same two.'), required: true },
  customer: person,
  channel: {
    ...text('Channel', 'What it is for.'),
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
  at: time('Time', 'When, as far as the shop tells.'),
  origin: text('Origin', 'Where it was said: checkout, footer, import.'),
  lists: texts('Lists', 'Lists of the shop that it is about.'),
  store,
});

const product = defineFields({
  id,
  sku: text('SKU', 'Stock keeping unit.'),
  name: { ...text('Name', 'Name.'), required: true },
  description: text('Description', 'Description, as plain text.'),
  status: { ...text('Status', 'Whether it can be bought.'), required: true, choices: ['active', 'inactive'] },
  createdAt: time('Created', 'When it was made.'),
  updatedAt: time('Updated', 'When it last changed, as far as the shop tells.'),
  url: text('Address', 'Its page.'),
  imageUrl: text('Image', 'Its first picture.'),
  images: texts('Images', 'All pictures.'),
  brand: text('Brand', 'Brand.'),
  categories: texts('Categories', 'Categories by name, the most general first.'),
  currency,
  price: money('Price', 'Price of the cheapest variant.'),
  salePrice: money('Sale Price', 'Reduced price, while there is one.'),
  stock: { type: 'number', label: 'Stock', description: 'How many there are; absent: not counted.' },
  variants: {
    type: 'object',
    label: 'Variants',
    description: 'Variants.',
    multiple: true,
    properties: defineFields({
      id,
      sku: text('SKU', 'Stock keeping unit.'),
      name: text('Name', 'What tells it from others: "Red, XL".'),
      price: money('Price', 'Price.'),
      salePrice: money('Sale Price', 'Reduced price, while there is one.'),
      stock: { type: 'number', label: 'Stock', description: 'How many there are; absent: not counted.' },
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
    ...text('Status', 'What it is like.'),
    required: true,
    choices: ['active', 'paused', 'cancelled', 'failed', 'ended'],
  },
  startedAt: time('Started', 'When it began.'),
  updatedAt: time('Updated', 'When it last changed.'),
  nextOrderAt: time('Next Order', 'When the next order is due.'),
  originalOrderId: text('First Order', 'The order that it began with.'),
  lastOrderId: text('Last Order', 'The newest order of it.'),
  orders: count('Orders', 'How many orders it has made.'),
  failures: count('Failures', 'How many payments in a row have failed.'),
  interval: text('Interval', 'How often: "every 2 weeks".'),
  cancelledAt: time('Cancelled', 'When it was cancelled.'),
  cancelReason: text('Reason', 'Why.'),
  currency,
  total: money('Total', 'What an order of it costs.'),
  lines,
  store,
  custom,
});

const review = defineFields({
  id,
  productId: { ...text('Product Id', 'The product.'), required: true },
  orderId: text('Order Id', 'The order it was bought with.'),
  customer: person,
  rating: { type: 'number', label: 'Rating', description: 'How many stars, of five.' },
  title: text('Title', 'Headline.'),
  body: text('Text', 'Text.'),
  status: { ...text('Status', 'Whether it is shown.'), choices: ['pending', 'approved', 'rejected'] },
  at: time('Time', 'When it was written.'),
  store,
});

/** The fields of every kind of thing that shops have, whatever the platform. */
export const SHOP_FIELDS = { order, cart, customer, consent, product, subscription, review };

/** A kind of thing that shops have. */
export type ShopKind = keyof typeof SHOP_FIELDS;

/** The states of all kinds, by kind. */
export type ShopStates = { readonly [K in ShopKind]: Payload<(typeof SHOP_FIELDS)[K]> };

/** How a thing of a shop is at one moment. */
export type ShopState = { readonly [K in ShopKind]: { readonly kind: K } & ShopStates[K] }[ShopKind];

/** Word that a thing of a shop is gone. */
export interface ShopGone {
  readonly kind: ShopKind;
  readonly id: string;
  readonly gone: true;
  /** ISO 8601; when absent, when it was noticed. */
  readonly at?: string;
}

/** An order. */
export type OrderState = ShopStates['order'];
/** A cart. */
export type CartState = ShopStates['cart'];
/** A customer with an account. */
export type CustomerState = ShopStates['customer'];
/** What a person has said about one channel. */
export type ConsentState = ShopStates['consent'];
/** A product with its variants. */
export type ProductState = ShopStates['product'];
/** A recurring order. */
export type SubscriptionState = ShopStates['subscription'];
/** A review of a product. */
export type ReviewState = ShopStates['review'];
/** A postal address. */
export type ShopAddress = Payload<typeof addressFields>;
/** Who somebody is. */
export type ShopPerson = Payload<typeof personFields>;
/** A line of an order, a cart or a subscription. */
export type ShopLine = Payload<typeof lineFields>;
/** Where in a business something belongs. */
export type ShopStore = Payload<typeof storeFields>;
/** Where a customer came from. */
export type ShopAttribution = Payload<typeof attributionFields>;
