import { defineFields } from '@waybill/core';
import { reachSettings } from '../reach.ts';

/** The settings for abandoned carts. */
export const settings = defineFields({
  steps: {
    type: 'integer',
    multiple: true,
    minimum: 0,
    label: 'Steps',
    description: 'Minutes after which an abandoned cart is reported, one event for each.',
    default: [60, 1440, 4320],
  },
  abandonedBy: {
    type: 'string',
    label: 'Abandoned By',
    description:
      "What marks a cart as abandoned: the time since its last change, or the shop's Cart Abandoned.",
    choices: [
      { label: 'Last change', value: 'change' },
      { label: 'The shop', value: 'shop' },
    ],
    default: 'change',
  },
  ...reachSettings,
  minimumValue: {
    type: 'number',
    minimum: 0,
    label: 'Minimum Value',
    description: 'Minimum value of a cart, in its own currency.',
    default: 0,
  },
  returnUrl: {
    type: 'string',
    label: 'Return Link',
    description: 'A link back to carts whose events have none; {{cart_id}} is replaced by the ID.',
    placeholder: 'https://shop.example/cart/{{cart_id}}',
  },
  latest: {
    type: 'integer',
    minimum: 0,
    label: 'Latest',
    description:
      'Maximum delay of a step in minutes, for example after a downtime. Later steps are left out.',
    default: 1440,
  },
  endAfter: {
    type: 'integer',
    minimum: 0,
    label: 'End After',
    description: 'Minutes after the last step at which the sequence ends, if nothing has happened.',
    default: 1440,
  },
  settle: {
    type: 'integer',
    minimum: 0,
    label: 'Settle',
    description:
      'Minutes without an event of the person before a step is sent, so that late events and events out of order count.',
    default: 5,
  },
});

const link = { type: 'string', label: 'Return Link', description: 'Link back to the cart.' } as const;

/** The events of abandoned carts. */
export const events = {
  'Abandoned Cart Step': defineFields({
    cart_id: { type: 'string', label: 'Cart ID', description: 'The cart; absent if events name none.' },
    step: { type: 'integer', label: 'Step', description: 'Number of the step, from 1.', required: true },
    steps: { type: 'integer', label: 'Steps', description: 'Quantity in stock.', required: true },
    abandoned_at: {
      type: 'string',
      label: 'Abandoned At',
      description: 'When the cart was abandoned.',
      required: true,
    },
    products: {
      type: 'object',
      multiple: true,
      label: 'Products',
      description: 'Contents of the cart.',
      required: true,
    },
    value: { type: 'number', label: 'Value', description: 'Value of the cart.' },
    currency: { type: 'string', label: 'Currency', description: 'ISO 4217 code of the amounts.' },
    return_url: link,
  }),
  'Abandoned Cart Ended': defineFields({
    cart_id: { type: 'string', label: 'Cart ID', description: 'The cart; absent if events name none.' },
    reason: {
      type: 'string',
      label: 'Reason',
      description: 'Why: ordered, changed, emptied, or done after the last step.',
      choices: ['ordered', 'changed', 'emptied', 'done'],
      required: true,
    },
    step: { type: 'integer', label: 'Step', description: 'The last step that was sent.', required: true },
    abandoned_at: {
      type: 'string',
      label: 'Abandoned At',
      description: 'When the cart was abandoned.',
      required: true,
    },
    open_carts: {
      type: 'integer',
      label: 'Open Carts',
      description: "Number of the person's other carts for which steps were sent and that have not ended.",
      required: true,
    },
  }),
};
