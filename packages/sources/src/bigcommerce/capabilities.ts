import type { ShopCapability } from '@waybill/core';

/** The capabilities of BigCommerce. */
export const capabilities: readonly ShopCapability[] = [
  { what: 'Customers', how: 'both', note: 'Only the webhook reports a changed address.' },
  { what: 'Guests', how: 'both', note: 'From their orders.' },
  {
    what: 'Order Completed',
    how: 'both',
    note: 'Not for the status Incomplete, nor for orders that are declined at once.',
  },
  { what: 'Order Updated', how: 'both' },
  { what: 'Order Cancelled', how: 'both', note: 'Status Cancelled, and Declined after it was placed.' },
  { what: 'Order Refunded', how: 'both', note: 'One for each refund, except declined ones.' },
  { what: 'Order Shipped', how: 'both', note: 'Late parcels also by the daily sweep of 30 days.' },
  { what: 'Order Delivered', how: 'no', note: 'BigCommerce does not know when a parcel arrives.' },
  { what: 'Cart Updated', how: 'webhook', note: 'There is no list of carts to poll.' },
  { what: 'Checkout Started', how: 'webhook', note: 'When the cart has an address.' },
  { what: 'Cart Abandoned', how: 'webhook', note: 'After an hour without a change.' },
  { what: 'Email Subscribed, Email Unsubscribed', how: 'both', note: 'Subscribers of the newsletter.' },
  {
    what: 'SMS Subscribed, SMS Unsubscribed',
    how: 'no',
    note: 'BigCommerce asks only for consent to e-mail.',
  },
  {
    what: 'Consent from Iterable',
    how: 'written',
    note: 'The newsletter of existing subscribers; requires permission to change them.',
  },
  { what: 'Product Updated, Product Deleted', how: 'both', note: 'Deletions only by webhook.' },
  { what: 'Product Reviewed', how: 'poll', note: 'Once a day; there is no webhook.' },
  { what: 'Subscription Started', how: 'no', note: 'BigCommerce has no recurring orders of its own.' },
  { what: 'Lifetime value', how: 'no', note: 'BigCommerce stores none: it is computed from orders.' },
  { what: 'UTM parameters', how: 'storefront', note: 'Orders do not store them.' },
  { what: 'Product Viewed, page', how: 'storefront' },
];
