import { defineFields } from '@waybill/core';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const whole = (label: string, description: string) => ({ type: 'integer', label, description }) as const;

/** The settings. */
export const settings = defineFields({
  days: {
    type: 'object',
    label: 'Days',
    description: 'How many days a product lasts, by product ID, SKU or category: { "Coffee": 30 }.',
    defaultObjectUI: 'keyvalue',
  },
  defaultDays: {
    ...whole('Default Days', 'How many days other products last; 0: forever.'),
    default: 0,
    minimum: 0,
    maximum: 3_650,
  },
  learnAfter: {
    ...whole(
      'Learn After',
      "Number of purchases of a product needed to use the customer's own intervals instead of these days; 0 turns this off.",
    ),
    default: 3,
    minimum: 0,
    maximum: 50,
  },
  leadDays: {
    ...whole('Lead Days', 'How many days in advance it is reported.'),
    default: 0,
    minimum: 0,
    maximum: 365,
  },
});

/** The derived event. */
export const due = defineFields({
  product_id: { ...text('Product ID', 'The product.'), required: true },
  sku: text('SKU', 'Its SKU.'),
  name: text('Name', 'Its name.'),
  category: text('Category', 'Its category.'),
  last_order_id: { ...text('Last Order ID', 'The order in which it was last bought.'), required: true },
  last_purchased_at: { ...text('Last Purchase', 'When it was last bought.'), required: true },
  used_up_at: { ...text('Used Up', 'When it is used up.'), required: true },
  interval_days: { ...whole('Interval', 'How many days it lasts.'), required: true },
  interval_by: {
    ...text('Interval Source', 'Basis of the interval: the purchases of the customer, or the settings.'),
    choices: ['customer', 'setting'],
    required: true,
  },
  purchases: { ...whole('Purchases', 'Number of orders that contain it.'), required: true },
});
