import { defineFields } from '@waybill/core';
import { STATUSES } from './status.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const amount = (label: string, description: string) => ({ type: 'number', label, description }) as const;
const flag = (label: string, description: string) =>
  ({ type: 'boolean', label, description, required: true }) as const;

/** What is said of an order. */
export const statusFields = defineFields({
  order_id: { ...text('Order Id', 'The order.'), required: true },
  status: { ...text('Status', 'How it is.'), choices: STATUSES, required: true },
  previous_status: { ...text('Previous Status', 'How it was when it was last told of.'), choices: STATUSES },
  fulfillment: {
    ...text('Fulfillment', 'How far its parcels are.'),
    choices: ['open', 'shipped', 'delivered'],
    required: true,
  },
  is_active: flag('Active', 'Whether it is neither cancelled nor given back whole nor replaced by another.'),
  is_latest_order: flag('Latest Order', 'Whether the customer has placed none after it.'),
  placed_at: text('Placed', 'When it was placed.'),
  total: amount('Total', 'What it costs by now.'),
  currency: text('Currency', 'The currency of the amounts.'),
  refunded: amount('Refunded', 'What was given back so far.'),
  remaining: amount('Remaining', 'What is left of the total.'),
  subscription_id: text('Subscription Id', 'The subscription that made it.'),
});
