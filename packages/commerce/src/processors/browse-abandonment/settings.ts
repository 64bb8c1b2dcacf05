import { defineFields } from '@waybill/core';
import { reachSettings } from '../reach.ts';

/** The settings for browse abandonment. */
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
    label: 'Interval in Days',
    description: 'Days in which a person gets at most one event.',
    default: 7,
  },
  products: {
    type: 'integer',
    minimum: 1,
    maximum: 20,
    label: 'Products',
    description: 'Maximum number of products in the event.',
    default: 5,
  },
  lists: {
    type: 'boolean',
    label: 'Product Lists',
    description: 'Whether the first products of Product List Viewed count too.',
    default: false,
  },
  ...reachSettings,
  latest: {
    type: 'integer',
    minimum: 0,
    label: 'Latest',
    description:
      'Maximum delay of the event in minutes, for example after a downtime. Later ones are left out.',
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

/** The derived event. */
export const events = {
  'Browse Abandoned': defineFields({
    products: {
      type: 'object',
      multiple: true,
      label: 'Products',
      description: 'The viewed products, latest first.',
      required: true,
    },
    viewed: {
      type: 'integer',
      label: 'Viewed',
      description: 'Number of products viewed, among those that are stored.',
      required: true,
    },
    viewed_at: {
      type: 'string',
      label: 'Viewed At',
      description: 'When the last one was viewed.',
      required: true,
    },
    currency: {
      type: 'string',
      label: 'Currency',
      description: 'ISO 4217 code of the prices, if they share one currency.',
    },
  }),
};
