import { defineFields } from '@waybill/core';
import { STATUSES } from './status.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const amount = (label: string, description: string) => ({ type: 'number', label, description }) as const;
const flag = (label: string, description: string) =>
  ({ type: 'boolean', label, description, required: true }) as const;

/** The derived event of an order. */
export const statusFields = defineFields({
  order_id: { ...text('Order ID', 'The order.'), required: true },
  status: { ...text('Status', 'How it is.'), choices: STATUSES, required: true },
  previous_status: { ...text('Previous Status', 'The status last reported.'), choices: STATUSES },
  fulfillment: {
    ...text('Fulfillment', 'Status of its parcels.'),
    choices: ['open', 'shipped', 'delivered'],
    required: true,
  },
  is_active: flag('Active', 'Whether it is not cancelled, fully refunded or replaced by another order.'),
  is_latest_order: flag('Latest Order', 'Whether it is the latest order of the customer.'),
  placed_at: text('Placed', 'When the order was placed.'),
  total: amount('Total', 'Current total.'),
  currency: text('Currency', 'The currency of the amounts.'),
  refunded: amount('Refunded', 'Amount refunded so far.'),
  remaining: amount('Remaining', 'Remaining total.'),
  subscription_id: text('Subscription ID', 'The subscription that created it.'),
});
