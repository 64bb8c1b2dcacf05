import type { ShopCapability } from '@waybill/core';

const NO_MODULE = 'Magento has no REST API for it without a module.';

/** The capabilities of Magento. `both` needs the events of Adobe Commerce; Magento Open Source is only polled. */
export const capabilities: readonly ShopCapability[] = [
  {
    what: 'identify of customers',
    how: 'both',
    note: 'contact, address, group, store, named custom attributes',
  },
  { what: 'identify of guests', how: 'both', note: 'from their orders and, from the checkout on, carts' },
  { what: 'Order Completed', how: 'both', note: 'when placed or when paid, by `completeOn`' },
  {
    what: 'Order Updated',
    how: 'both',
    note: 'an edit in the admin cancels the order and creates a new one; each names the other',
  },
  { what: 'Order Cancelled', how: 'both' },
  { what: 'Order Refunded', how: 'both', note: 'one for each credit memo' },
  {
    what: 'Order Shipped',
    how: 'both',
    note: 'tracking numbers added later, within 15 minutes; tracking pages for UPS, USPS, FedEx and DHL',
  },
  { what: 'Order Delivered', how: 'no', note: 'Magento does not know.' },
  { what: 'Cart Updated', how: 'both', note: 'customers, and guests who have entered their e-mail address' },
  {
    what: 'Checkout Started',
    how: 'both',
    note: 'when a guest enters the address, or the shipping method is chosen',
  },
  {
    what: 'Cart Abandoned',
    how: 'no',
    note: 'Magento does not report it; use the time since the last Cart Updated.',
  },
  { what: 'return link of carts', how: 'both', note: 'only customers: a guest cannot return by a link' },
  { what: 'Product Updated', how: 'both', note: 'with variants, categories and images; stock is not read' },
  { what: 'Product Deleted', how: 'both', note: 'with events of Adobe Commerce, or their journal' },
  {
    what: 'Email Subscribed, Email Unsubscribed',
    how: 'poll',
    note: 'customers with an account, within 6 hours; with events of Adobe Commerce at once',
  },
  {
    what: 'Consent from Iterable',
    how: 'written',
    note: 'the newsletter of customers with an account; requires the resource Customers > All Customers > Edit',
  },
  { what: 'newsletter of guests', how: 'no', note: NO_MODULE },
  { what: 'SMS consent', how: 'no', note: 'Magento has none.' },
  {
    what: 'subscriptions',
    how: 'no',
    note: 'Magento has none; modules that add them have their own APIs.',
  },
  { what: 'Product Reviewed', how: 'no', note: `${NO_MODULE} Reviews are anonymous.` },
  { what: 'attribution', how: 'both', note: 'if a module stores it in `orderAttributes`' },
  { what: 'Product Viewed, page', how: 'storefront' },
];
