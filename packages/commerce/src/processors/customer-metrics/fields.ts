import { defineFields } from '@waybill/core';
import { settlingSettings } from '../settling.ts';

const whole = (label: string, description: string) => ({ type: 'integer', label, description }) as const;
const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const amount = (label: string, description: string) => ({ type: 'number', label, description }) as const;
const list = (label: string, description: string) =>
  ({ type: 'string', multiple: true, label, description }) as const;

/** The settings. */
export const settings = defineFields({
  baseCurrency: {
    type: 'string',
    label: 'Base Currency',
    description:
      'ISO 4217 code of the currency of all amounts. Without it, there are amounts as long as all orders have one currency.',
  },
  rates: {
    type: 'object',
    label: 'Rates',
    description: 'Value of one unit of each other currency in the base currency: { "USD": 0.92 }.',
    defaultObjectUI: 'keyvalue',
  },
  timeZone: {
    type: 'string',
    label: 'Time Zone',
    description: 'Time zone for the day of the week: Europe/Berlin.',
    default: 'UTC',
  },
  ...settlingSettings,
});

/** The derived event of a customer. */
export const metrics = defineFields({
  orders_count: {
    ...whole('Orders', 'Number of orders that were completed and not cancelled.'),
    required: true,
  },
  total_spent: amount('Total Spent', 'Total of the orders, less refunds.'),
  total_refunded: amount('Total Refunded', 'Amount refunded.'),
  lifetime_value: amount('Lifetime Value', 'Value of the customer so far: the total spent.'),
  average_order_value: amount('Average Order', 'Average total of an order, before refunds.'),
  currency: text('Currency', 'Currency of the amounts; absent if there are none.'),
  unconverted_orders: whole(
    'Unconverted Orders',
    'Number of orders whose currency has no rate: they are in no amount.',
  ),
  first_order_at: text('First Order', 'When the first order was placed.'),
  last_order_at: text('Last Order', 'When the last order was placed.'),
  last_order_id: text('Last Order ID', 'ID of the last order.'),
  favorite_category: text('Favorite Category', 'The category with the most items bought.'),
  top_categories: list('Top Categories', 'Up to five, the favorite first.'),
  favorite_brand: text('Favorite Brand', 'The brand with the most items bought.'),
  top_brands: list('Top Brands', 'Up to five, the favorite first.'),
  usual_day: text('Usual Day', 'The day of the week on which most orders are placed.'),
});
