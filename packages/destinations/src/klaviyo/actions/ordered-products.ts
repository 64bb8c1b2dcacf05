import { defineAction, defineFields } from '@waybill/core';

import { identifiersOf } from '../profile/profile.ts';
import { settings } from '../settings.ts';
import { EVENT_BATCH, sendEvents } from './events.ts';
import { itemsField, lineOf, rowTotal } from './items.ts';
import { eventFields } from './track-event.ts';

const fields = defineFields({
  metric: {
    type: 'string',
    label: 'Metric',
    description: 'The name of the events in Klaviyo.',
    required: true,
    maximum: 127,
    default: 'Ordered Product',
  },
  orderId: {
    type: 'string',
    label: 'Order ID',
    description: 'The order. Its ID and the position of the line identify the event.',
    required: true,
    default: { '@path': '$.properties.order_id' },
  },
  items: { ...itemsField.items, required: true },
  ...eventFields,
});

/** Sends an event for each item of an order. */
export const orderedProducts = defineAction({
  title: 'Ordered Products',
  description:
    'Records an event for each line of an order, so that people can be segmented by what they bought.',
  defaultTrigger: 'type = "track" and event = "Order Completed"',
  settings,
  fields,
  identifiers: identifiersOf,
  batch: EVENT_BATCH,
  send: (items, context) =>
    sendEvents(
      items,
      ({ payload: { metric, orderId, items: lines, ...rest } }) =>
        lines.map((line, place) => ({
          ...rest,
          metric,
          uniqueId: `${orderId}/${place + 1}`,
          value: rowTotal(line),
          properties: { OrderId: orderId, ...lineOf(line) },
        })),
      context,
    ),
});
