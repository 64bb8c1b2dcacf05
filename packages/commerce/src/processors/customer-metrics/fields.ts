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

/** What is said of a customer. */
export const metrics = defineFields({
  orders_count: { ...whole('Orders', 'How many orders were completed and not cancelled.'), required: true },
  total_spent: amount('Total Spent', 'What they cost, less what was given back.'),
  total_refunded: amount('Total Refunded', 'What was given back of them.'),
  lifetime_value: amount('Lifetime Value', 'What the customer has been worth so far: the total spent.'),
  average_order_value: amount('Average Order', 'What an order costs, before anything is given back.'),
  currency: text('Currency', 'The currency of the amounts; absent where there are none.'),
  unconverted_orders: whole('Unconverted Orders', 'Orders whose currency has no rate: no amount has them.'),
  first_order_at: text('First Order', 'When the first was.'),
  last_order_at: text('Last Order', 'When the last was.'),
  last_order_id: text('Last Order Id', 'Which it was.'),
  favorite_category: text('Favorite Category', 'The category that most pieces were bought of.'),
  top_categories: list('Top Categories', 'Up to five, the favorite first.'),
  favorite_brand: text('Favorite Brand', 'The brand that most pieces were bought of.'),
  top_brands: list('Top Brands', 'Up to five, the favorite first.'),
  usual_day: text('Usual Day', 'The day of the week on which most orders are placed.'),
});
