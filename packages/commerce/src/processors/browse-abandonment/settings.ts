import { defineFields } from '@waybill/core';
import { reachSettings } from '../reach.ts';

/** What a workspace says of browsing that led to nothing. */
export const settings = defineFields({
  delay: {
    type: 'integer',
    minimum: 0,
    label: 'Delay',
    description: 'Minutes after the last product was viewed.',
    default: 120,
  },
  onceInDays: {
    type: 'integer',
    minimum: 0,
    label: 'Once in Days',
    description: 'Days in which a person is told of once at most.',
    default: 7,
  },
  products: {
    type: 'integer',
    minimum: 1,
    maximum: 20,
    label: 'Products',
    description: 'How many of the products that were viewed last are told.',
    default: 5,
  },
  lists: {
    type: 'boolean',
    label: 'Product Lists',
    description: 'Whether Product List Viewed counts too: its first products.',
    default: false,
  },
  ...reachSettings,
  latest: {
    type: 'integer',
    minimum: 0,
    label: 'Latest',
    description: 'Minutes by which it may be late, after the server was down. What is later is left out.',
    default: 1440,
  },
  settle: {
    type: 'integer',
    minimum: 0,
    label: 'Settle',
    description: 'Minutes without an event of the person before anything is sent.',
    default: 5,
  },
});

/** The event of it. */
export const events = {
  'Browse Abandoned': defineFields({
    products: {
      type: 'object',
      multiple: true,
      label: 'Products',
      description: 'What was viewed, the last first.',
      required: true,
    },
    viewed: {
      type: 'integer',
      label: 'Viewed',
      description: 'How many products were viewed, as far as they are kept.',
      required: true,
    },
    viewed_at: { type: 'string', label: 'Viewed At', description: 'When the last was.', required: true },
    currency: {
      type: 'string',
      label: 'Currency',
      description: 'ISO 4217 code of the prices, where all have one.',
    },
  }),
};
