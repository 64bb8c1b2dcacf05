import { defineFields } from '@waybill/core';
import { settlingSettings } from '../settling.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const whole = (label: string, description: string) => ({ type: 'integer', label, description }) as const;
const amount = { type: 'number', label: 'Total', description: 'What an order costs.' } as const;
const id = { ...text('Subscription Id', 'The subscription.'), required: true } as const;
const currency = text('Currency', 'The currency of the total.');

/** The settings. */
export const settings = defineFields({
  renewalDays: {
    ...whole('Days before Renewal', 'How many days before the next order it is said; 0 is never.'),
    default: 3,
    minimum: 0,
    maximum: 365,
  },
  failures: {
    ...whole('Failures', 'From how many failed payments in a row on there is a risk of churn; 0 is never.'),
    default: 2,
    minimum: 0,
    maximum: 20,
  },
  ...settlingSettings,
});

/** What is said before a renewal. */
export const upcoming = defineFields({
  subscription_id: id,
  renews_at: { ...text('Renews', 'When the next order is made.'), required: true },
  total: amount,
  currency,
  interval: text('Interval', 'How often it orders.'),
  rebill_count: { ...whole('Rebills', 'Renewals so far that are known.'), required: true },
});

/** What is said of each order of a subscription. */
export const ordered = defineFields({
  subscription_id: id,
  order_id: { ...text('Order Id', 'The order.'), required: true },
  is_rebill: {
    type: 'boolean',
    label: 'Rebill',
    description: 'Whether it is a renewal (not the first order).',
    required: true,
  },
  rebill_count: { ...whole('Rebills', 'Renewals that are known, up to this one.'), required: true },
  total: amount,
  currency,
});

/** What is said when payments fail. */
export const risk = defineFields({
  subscription_id: id,
  failures: { ...whole('Failures', 'Payments that failed in a row.'), required: true },
  since: text('Since', 'Since when, where that is known.'),
  total: amount,
  currency,
});
