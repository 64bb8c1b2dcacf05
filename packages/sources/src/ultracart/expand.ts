/** The parts of an order that are wanted: most are absent unless they are named. Cards and cheques are never read further. */
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
