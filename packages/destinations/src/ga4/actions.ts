import { defineAction, defineFields } from '@waybill/core';

import { oneByOne } from '../http/turns.ts';
import { itemFields, moneyFields, whoFields } from './fields.ts';
import { sendEvent } from './send.ts';
import { settings } from './settings.ts';

const text = (label: string, description: string, path: string) =>
  ({ type: 'string', label, description, default: { '@path': `$.properties.${path}` } }) as const;
const number = (label: string, description: string, path: string) =>
  ({ type: 'number', label, description, default: { '@path': `$.properties.${path}` } }) as const;

const transaction = defineFields({
  transactionId: {
    ...text('Transaction ID', 'The ID of the order. Google counts each ID once.', 'order_id'),
    required: true,
  },
});
const coupon = defineFields({ coupon: text('Coupon', 'The coupon code.', 'coupon') });
const listed = defineFields({
  listId: text('List ID', 'ID of the list.', 'list_id'),
  listName: text('List Name', 'Name of the list.', 'category'),
});
const ordered = defineFields({
  ...transaction,
  ...coupon,
  shipping: number('Shipping', 'Shipping.', 'shipping'),
  tax: number('Tax', 'Tax.', 'tax'),
  affiliation: text('Affiliation', 'The store.', 'affiliation'),
});

const IN_LIST = itemFields('$.properties.products');
const IN_EVENT = itemFields('$.properties');
const OPTIONAL = itemFields('$.properties.products', false);

/** The names of fields of actions in the protocol. */
const NAMES: Readonly<Record<string, string>> = {
  transactionId: 'transaction_id',
  listId: 'item_list_id',
  listName: 'item_list_name',
  paymentType: 'payment_type',
  searchTerm: 'search_term',
};
const PARAMS = new Set([
  ...['currency', 'value', 'items', 'coupon', 'shipping', 'tax', 'affiliation'],
  ...Object.keys(NAMES),
]);

/** Creates an action for one of Google's events. */
function actionFor<const F extends ReturnType<typeof defineFields>>(
  name: string,
  title: string,
  description: string,
  trigger: string,
  fields: F,
) {
  return defineAction({
    title,
    description,
    defaultTrigger: `type = "track" and event = "${trigger}"`,
    settings,
    fields: { ...fields, ...whoFields },
    send: (items, context) =>
      oneByOne(items, (item) => {
        const params = Object.entries(item.payload).filter(([field]) => PARAMS.has(field));
        const named = Object.fromEntries(params.map(([field, value]) => [NAMES[field] ?? field, value]));
        return sendEvent(item as Parameters<typeof sendEvent>[0], { name, params: named }, context);
      }),
  });
}

const eventFields = defineFields({
  name: {
    type: 'string',
    label: 'Event Name',
    description: 'At most 40 letters, digits and underscores, starting with a letter.',
    required: true,
    default: { '@path': '$.event' },
  },
  ...whoFields,
});

/** The action for any other event. */
const customEvent = defineAction({
  title: 'Custom Event',
  description: 'Records an event under a name of your own.',
  defaultTrigger: 'type = "track"',
  settings,
  fields: eventFields,
  send: (items, context) =>
    oneByOne(items, (item) => sendEvent(item, { name: nameOf(item.payload.name), params: {} }, context)),
});

/** Names in the e-commerce spec have spaces; Google's have underscores. */
function nameOf(name: string): string {
  return name
    .trim()
    .replaceAll(/[\s-]+/g, '_')
    .toLowerCase();
}

/** The actions, by their slugs. */
export const actions = {
  purchase: actionFor('purchase', 'Purchase', 'Records an order.', 'Order Completed', {
    ...ordered,
    ...moneyFields,
    ...IN_LIST,
  }),
  refund: actionFor(
    'refund',
    'Refund',
    'Records a refund: of the whole order, or of the given items and value.',
    'Order Refunded',
    {
      ...ordered,
      ...moneyFields,
      value: { ...moneyFields.value, default: { '@path': '$.properties.total' } },
      ...OPTIONAL,
    },
  ),
  addToCart: actionFor(
    'add_to_cart',
    'Add to Cart',
    'Records that products were added to the cart.',
    'Product Added',
    {
      ...moneyFields,
      ...IN_EVENT,
    },
  ),
  removeFromCart: actionFor(
    'remove_from_cart',
    'Remove from Cart',
    'Records that products were removed from the cart.',
    'Product Removed',
    { ...moneyFields, ...IN_EVENT },
  ),
  viewCart: actionFor('view_cart', 'View Cart', 'Records a view of the cart.', 'Cart Viewed', {
    ...moneyFields,
    ...IN_LIST,
  }),
  beginCheckout: actionFor(
    'begin_checkout',
    'Begin Checkout',
    'Records the start of a checkout.',
    'Checkout Started',
    { ...coupon, ...moneyFields, ...IN_LIST },
  ),
  addPaymentInfo: actionFor(
    'add_payment_info',
    'Add Payment Info',
    'Records that a payment method was chosen.',
    'Payment Info Entered',
    {
      paymentType: text('Payment Type', 'The payment method.', 'payment_method'),
      ...coupon,
      ...moneyFields,
      ...OPTIONAL,
    },
  ),
  viewItem: actionFor('view_item', 'View Item', 'Records a product view.', 'Product Viewed', {
    ...moneyFields,
    ...IN_EVENT,
  }),
  viewItemList: actionFor(
    'view_item_list',
    'View Item List',
    'Records a view of a product list.',
    'Product List Viewed',
    { ...listed, ...IN_LIST },
  ),
  addToWishlist: actionFor(
    'add_to_wishlist',
    'Add to Wishlist',
    'Records that a product was added to the wishlist.',
    'Product Added to Wishlist',
    { ...moneyFields, ...IN_EVENT },
  ),
  search: actionFor('search', 'Search', 'Records a search.', 'Products Searched', {
    searchTerm: { ...text('Search Term', 'The search term.', 'query'), required: true },
  }),
  customEvent,
};
