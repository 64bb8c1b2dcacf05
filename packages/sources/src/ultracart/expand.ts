/** The requested parts of an order: most are absent unless named. Payment details are never processed. */
export const ORDER_EXPAND = [
  'affiliate',
  'auto_order',
  'billing',
  'channel_partner',
  'checkout',
  'coupon',
  'customer_profile',
  'item',
  'marketing',
  'payment',
  'properties',
  'shipping',
  'shipping.tracking_number_details',
  'summary',
  'taxes',
  'utms',
].join(',');
