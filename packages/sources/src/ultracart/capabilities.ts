import type { ShopCapability } from '@waybill/core';

/** The capabilities of UltraCart. */
export const capabilities: readonly ShopCapability[] = [
  { what: 'Customers', how: 'both', note: 'With what they have spent, as UltraCart counts it.' },
  { what: 'Guests', how: 'both', note: 'From their orders.' },
  { what: 'Order Completed', how: 'both', note: 'Not for quotes; with `completeOn: paid`, when it is paid.' },
  { what: 'Order Updated', how: 'both', note: 'Edits by webhook, or by the daily sweep of 30 days.' },
  { what: 'Order Cancelled', how: 'both', note: 'Stage Rejected; without webhooks, by the daily sweep.' },
  {
    what: 'Order Refunded',
    how: 'both',
    note: 'Each time the refunded total grows, with the amounts for tax and shipping.',
  },
  { what: 'Order Shipped', how: 'both', note: 'Items shipped at the same time are one parcel.' },
  {
    what: 'Order Delivered',
    how: 'both',
    note: 'If UltraCart tracks the parcel; without webhooks, by the daily sweep.',
  },
  {
    what: 'Cart Updated',
    how: 'webhook',
    note: 'When a cart is abandoned; the storefront reports what is added.',
  },
  {
    what: 'Checkout Started',
    how: 'webhook',
    note: 'With the abandoned cart, if its e-mail address is known.',
  },
  {
    what: 'Cart Abandoned',
    how: 'webhook',
    note: 'After the time set in UltraCart, with a link back.',
  },
  {
    what: 'Email Subscribed, Email Unsubscribed',
    how: 'both',
    note: 'From profiles; from checkouts when ticked.',
  },
  {
    what: 'SMS Subscribed, SMS Unsubscribed',
    how: 'both',
    note: 'An opt-in from checkouts and carts, if it is ticked and has a phone number.',
  },
  {
    what: 'STOP by text message',
    how: 'both',
    note: 'From profiles, with the time of their last change. Not available for guests, and never written.',
  },
  {
    what: 'Consent from Iterable',
    how: 'written',
    note: 'The e-mail lists of a profile; requires customer_write.',
  },
  { what: 'Product Updated, Product Deleted', how: 'both', note: 'Deletions only by webhook.' },
  { what: 'Product Reviewed', how: 'poll', note: 'Once a day; there is no webhook.' },
  {
    what: 'Subscription Started, Updated, Paused, Cancelled, Payment Failed',
    how: 'both',
    note: 'Auto orders.',
  },
  { what: 'Lifetime value', how: 'both', note: 'Of customers with an account.' },
  { what: 'UTM parameters', how: 'both', note: 'On orders and abandoned carts: the last click.' },
  { what: 'Product Viewed, page', how: 'storefront' },
];
