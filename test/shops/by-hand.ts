import type { Held } from './outcome.ts';
import type { Processed } from './processed.ts';

/* The data of all customers in Iterable after the day, worked out by hand from the story and the prices of the shop. */

/**
 * Two mugs of 12.61 and a shirt of 16.76, a tenth off each: 22.70 (25.22 - 2.52) and 15.08 (16.76 - 1.68), with 19 % of 4.31 and
 * 2.87; 4.12 of shipping with 0.78: 49.86 when she paid. Then three mugs: 34.05 (37.83 - 3.78) with 6.47. A third of that is
 * returned, 11.35 and 2.15; then another, with the shipping: 11.35 + 2.16 + 4.12 + 0.78.
 */
export const ADA: Held = {
  email: 'ada@example.com',
  profile: { firstName: 'Ada', lastName: 'Adler', phoneNumber: '+4930901820', locale: 'de-DE' },
  purchases: [{ total: 49.86, items: ['1 x TEE-RED-M at 16.76', '2 x MUG-1 at 12.61'] }],
  cart: [],
  events: [
    'Email Subscribed',
    'Email Unsubscribed',
    'Order Delivered, carrier ups',
    'Order Refunded, total 13.5, tax 2.15, shipping 0, currency EUR',
    'Order Refunded, total 18.41, tax 2.94, shipping 4.12, currency EUR',
    'Order Shipped, carrier dhl',
    'Order Shipped, carrier ups',
  ],
};

/** A kettle of 58.40, 4.12 of shipping, 19 % of both (11.10 + 0.78); the cart that he left had a shirt and a gift set: 16.76 + 21.01. */
export const BEN: Held = {
  email: 'ben@new.example.com',
  profile: { firstName: 'Ben', lastName: 'Brandt', phoneNumber: '+4940428280', locale: 'de-DE' },
  purchases: [{ total: 74.4, items: ['1 x KETTLE-1 at 58.4'] }],
  cart: ['1 x MUG-1 at 12.61'],
  events: [
    'Cart Abandoned, value 37.77',
    'Email Changed, previous_email ben@example.com',
    'Email Subscribed',
    'Order Cancelled, total 74.4, reason Customer request',
  ],
};

/** In yen there are no cents: 3,000 + 3 x 1,600 and 800 of shipping, a tenth of tax on each. */
export const CHIYO: Held = {
  email: 'chiyo@example.com',
  profile: { firstName: 'Chiyo', lastName: 'Chiba', phoneNumber: '+81334335111', locale: 'ja-JP' },
  purchases: [{ total: 9460, items: ['1 x GIFT-1 at 3000', '3 x COFFEE-1 at 1600'] }],
  cart: [],
  events: [
    'Email Subscribed',
    'Order Shipped, carrier fedex',
    'Product Reviewed, rating 5',
    'SMS Subscribed',
  ],
};

/** Two bags of coffee of 10.92 with 4.15 of tax, and 4.12 of shipping with 0.78, twice. */
export const DORA: Held = {
  email: 'dora@example.com',
  profile: { firstName: 'Dora', lastName: 'Dietz', phoneNumber: '+49305557890', locale: 'de-DE' },
  purchases: [
    { total: 30.89, items: ['2 x COFFEE-1 at 10.92'] },
    { total: 30.89, items: ['2 x COFFEE-1 at 10.92'] },
  ],
  cart: [],
  events: [
    'Subscription Cancelled',
    'Subscription Paused',
    'Subscription Resumed',
    'Subscription Started, total 30.89',
  ],
};

/** His order was never paid. */
export const EMIL: Held = {
  email: 'emil@example.com',
  profile: { firstName: 'Emil', lastName: 'Ernst', phoneNumber: '+49405551234', locale: 'de-DE' },
  purchases: [],
  cart: [],
  events: ['Customer Deleted'],
};

/** All customers. */
export const EVERYBODY: readonly Held[] = [ADA, BEN, CHIYO, DORA, EMIL];

/** What processors make of it: of Ada, Ben and Chiyo, and of Dora's subscription. */
export const PROCESSED: Readonly<Record<string, Processed>> = {
  /**
   * With three mugs it is 34.05 + 15.08 + 4.12 and tax of 6.47 + 2.87 + 0.78: 63.37. Of that, 13.50 and 18.41 are returned. One mug
   * is left to be reviewed, and the shirt, whose arrival is never reported: so the order is never fully delivered.
   */
  ada: {
    metrics: {
      orders_count: 1,
      total_spent: 31.46,
      total_refunded: 31.91,
      average_order_value: 63.37,
      currency: 'EUR',
      favorite_category: 'Kitchen',
      favorite_brand: 'Kontor',
    },
    orders: [
      'placed, open, 49.86',
      'updated, open, 63.37',
      'shipped, shipped, 63.37',
      'partially_refunded, shipped, 49.87',
      'partially_refunded, shipped, 31.46',
    ],
    toReview: ['Plain T-Shirt', 'Stoneware Mug'],
    usedUp: [],
    recurring: [],
  },
  /** The kettle is cancelled at the moment of its order: it was never placed, counts nowhere, and there are no other data of him. */
  ben: {
    metrics: undefined,
    orders: ['cancelled, open, 74.4'],
    toReview: [],
    usedUp: [],
    recurring: [],
  },
  /** 9,460 yen at 0.00625 euro are 59.125: 59.13. The set is reviewed long after the two weeks. A month after the coffee, it is used up. */
  chiyo: {
    metrics: {
      orders_count: 1,
      total_spent: 59.13,
      total_refunded: 0,
      average_order_value: 59.13,
      currency: 'EUR',
      favorite_category: 'Kitchen',
      favorite_brand: 'Kontor',
    },
    orders: ['shipped, shipped, 9460'],
    toReview: ['Coffee Beans 500 g', 'Coffee Gift Set'],
    usedUp: ['Coffee Beans 500 g'],
    recurring: [],
  },
  /**
   * Twice 30.89, and three days before the second a renewal is near. The payment that fails is made good in the same minute, which is
   * not a risk. Then the subscription is cancelled: no other renewal is near, and the coffee is used up a month after the second time
   * as it was after the first.
   */
  dora: {
    metrics: {
      orders_count: 2,
      total_spent: 61.78,
      total_refunded: 0,
      average_order_value: 30.89,
      currency: 'EUR',
      favorite_category: 'Kitchen',
      favorite_brand: 'Kontor',
    },
    orders: ['placed, open, 30.89', 'placed, open, 30.89'],
    toReview: [],
    usedUp: ['Coffee Beans 500 g', 'Coffee Beans 500 g'],
    recurring: [
      'Renewal Upcoming',
      'Subscription Order Completed, false',
      'Subscription Order Completed, true',
    ],
  },
};
