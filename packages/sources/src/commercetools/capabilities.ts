import type { ShopCapability } from '@waybill/core';

/** The capabilities of commercetools. */
export const capabilities: readonly ShopCapability[] = [
  { what: 'Customers', how: 'both' },
  { what: 'Guests', how: 'both', note: 'From their orders and carts.' },
  { what: 'Order Completed', how: 'both', note: 'When created or when paid, by `completeOn`.' },
  { what: 'Order Updated', how: 'both' },
  { what: 'Order Cancelled', how: 'both' },
  { what: 'Order Refunded', how: 'both', note: 'One for each successful refund of a payment.' },
  { what: 'Order Shipped', how: 'both', note: 'One for each parcel, except returns.' },
  { what: 'Order Delivered', how: 'both', note: 'When the shipment state of the order is Delivered.' },
  { what: 'Cart Updated', how: 'poll', note: 'Only the creation of a cart produces a message.' },
  {
    what: 'Checkout Started',
    how: 'poll',
    note: 'When the cart has a street, a shipping method or a payment.',
  },
  { what: 'Cart Abandoned', how: 'no', note: 'Determined by the time since the last change.' },
  {
    what: 'Email, SMS, WhatsApp Subscribed, Unsubscribed',
    how: 'both',
    note: 'From custom fields of customers.',
  },
  {
    what: 'Consent from Iterable',
    how: 'written',
    note: 'The custom field of e-mail or SMS, if it has a value; requires the scope manage_customers.',
  },
  { what: 'Product Updated', how: 'both', note: 'Stock and standalone prices once a day.' },
  {
    what: 'Product Deleted',
    how: 'both',
    note: 'Also when it is no longer published; polled through messages.',
  },
  { what: 'Product Reviewed', how: 'both' },
  {
    what: 'Subscription Started, Updated, Paused, Cancelled, Payment Failed',
    how: 'both',
    note: 'Recurring orders.',
  },
  { what: 'Lifetime value', how: 'no', note: 'commercetools stores none: it is computed from orders.' },
  { what: 'UTM parameters', how: 'both', note: 'If orders or carts have them in custom fields.' },
  { what: 'Product Viewed, page', how: 'storefront' },
];
