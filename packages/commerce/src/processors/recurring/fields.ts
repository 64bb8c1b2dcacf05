import { defineFields } from '@waybill/core';
import { settlingSettings } from '../settling.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const whole = (label: string, description: string) => ({ type: 'integer', label, description }) as const;
const amount = { type: 'number', label: 'Total', description: 'Price of one order.' } as const;
const id = { ...text('Subscription ID', 'The subscription.'), required: true } as const;
const currency = text('Currency', 'The currency of the total.');

/** The settings. */
export const settings = defineFields({
  renewalDays: {
    ...whole('Days before Renewal', 'How many days before the next order it is reported; 0 turns this off.'),
    default: 3,
    minimum: 0,
    maximum: 365,
  },
  failures: {
    ...whole('Failures', 'Number of consecutive failed payments that make a churn risk; 0 turns this off.'),
    default: 2,
    minimum: 0,
    maximum: 20,
  },
  ...settlingSettings,
});

/** The event before a renewal. */
export const upcoming = defineFields({
  subscription_id: id,
  renews_at: { ...text('Renews', 'When the next order is created.'), required: true },
  total: amount,
  currency,
  interval: text('Interval', 'Interval between orders.'),
  rebill_count: { ...whole('Rebills', 'Number of known renewals so far.'), required: true },
});

/** The event of each order of a subscription. */
export const ordered = defineFields({
  subscription_id: id,
  order_id: { ...text('Order ID', 'The order.'), required: true },
  is_rebill: {
    type: 'boolean',
    label: 'Rebill',
    description: 'Whether it is a renewal (not the first order).',
    required: true,
  },
  rebill_count: { ...whole('Rebills', 'Number of known renewals, including this one.'), required: true },
  total: amount,
  currency,
});

/** The event when payments fail. */
export const risk = defineFields({
  subscription_id: id,
  failures: { ...whole('Failures', 'Number of consecutive failed payments.'), required: true },
  since: text('Since', 'Time of the first failure, if known.'),
  total: amount,
  currency,
});
