import {
  defineAction,
  defineFields,
  identifiersAt,
  type Item,
  type Outcome,
  type Payload,
  rejected,
} from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { oneByOne } from '../../http/turns.ts';
import { epochSeconds } from '../fields/dates.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, settings } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { eventUserFields, projectOf, userBody } from '../users/profile.ts';
import { sendCommerce } from './commerce.ts';
import { EVENT_BATCH, type EventInput, sendEvents } from './events.ts';
import { badNumber, commerceItem, itemsField } from './items.ts';

const WHEN_PURCHASE = {
  match: 'all',
  conditions: [{ fieldKey: 'mode', operator: 'is', value: 'purchase' }],
} as const;

const fields = defineFields({
  mode: {
    type: 'string',
    label: 'Record As',
    description:
      'Iterable has no refunds. Event: an event with its own ID is recorded, and the revenue of the order does not change. Purchase: the order is sent again under its ID with the remaining lines and total, so its revenue is correct. But this empties the current cart of the user, counts as a change of the profile, and can start journeys that begin with a purchase again, for example one that confirms orders.',
    required: true,
    default: 'event',
    choices: [
      { label: 'An event', value: 'event' },
      { label: 'The purchase, corrected', value: 'purchase' },
    ],
  },
  ...eventUserFields,
  orderId: {
    type: 'string',
    label: 'Order ID',
    description:
      'The order that is refunded. For a corrected purchase it must be the ID that the purchase was sent with: with another, or none, a second purchase would be recorded.',
    required: WHEN_PURCHASE,
    default: { '@path': '$.properties.order_id' },
  },
  amount: {
    type: 'number',
    label: 'Refunded Amount',
    description: 'The refunded amount. Event only; Iterable has no currencies.',
    required: false,
    default: { '@path': '$.properties.total' },
  },
  total: {
    type: 'number',
    label: 'Remaining Total',
    description:
      'Total of the order after the refund; 0 if all of it was refunded. Purchase only. Negative totals are refused, because Iterable does not document what it does with them.',
    required: WHEN_PURCHASE,
    default: { '@path': '$.properties.remaining_total' },
  },
  items: {
    ...itemsField.items,
    label: 'Items',
    description:
      'Event: the refunded lines. Purchase: the remaining lines; missing lines are removed from the order in Iterable.',
    required: WHEN_PURCHASE,
  },
  orderedAt: {
    type: 'datetime',
    label: 'Order Time',
    description:
      'When the order was placed. Purchase only: without it, Iterable may date the order to the time of the correction.',
    required: false,
    default: { '@path': '$.properties.ordered_at' },
  },
  eventName: {
    type: 'string',
    label: 'Event Name',
    description: 'The event name under which the refund is recorded. Event only.',
    required: false,
    default: 'Order Refunded',
  },
  id: {
    type: 'string',
    label: 'Event ID',
    description:
      'Identifies the refund, so that it is recorded once, however often it is sent. Event only. Do not use the ID of the order: an order can be refunded in parts.',
    required: false,
    default: { '@path': '$.messageId' },
  },
  createdAt: {
    type: 'datetime',
    label: 'Timestamp',
    description: 'When the refund took place. Event only.',
    required: false,
    default: { '@path': '$.timestamp' },
  },
  dataFields: {
    type: 'object',
    label: 'Data Fields',
    description:
      'Additional data of the refund, for example its currency and reason; for a corrected purchase, all data fields of the order.',
    required: false,
    default: { '@path': '$.properties' },
  },
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether refunds that are events share calls; purchases are sent one by one.',
    required: false,
    default: true,
  },
});

type Refund = Payload<typeof fields>;

/** Records a refund. */
export const trackRefund = defineAction({
  title: 'Track Refund',
  description:
    'Records a refund, as a separate event or as a correction of the purchase. Read how the two differ before you choose.',
  defaultTrigger: 'type = "track" and event == "Order Refunded"',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  batch: { ...EVENT_BATCH, groupBy: ({ mode }) => mode },
  send: (items, context) =>
    items[0]?.payload.mode === 'purchase'
      ? oneByOne(items, (item) => correctPurchase(item, context))
      : sendEvents(items, refundEvent, context),
});

function refundEvent({ payload }: Item<Refund>): EventInput {
  const { eventName = 'Order Refunded', id, createdAt, orderId, amount, items } = payload;
  return {
    eventName,
    id,
    createdAt,
    dataFields: {
      ...ownFields(payload),
      ...(orderId === undefined ? {} : { orderId }),
      ...(amount === undefined ? {} : { amount }),
      ...(items === undefined ? {} : { items: items.map(commerceItem) }),
    },
  };
}

async function correctPurchase(item: Item<Refund>, context: Context): Promise<Outcome> {
  const { email, userId, orderId, total = Number.NaN, items = [], orderedAt } = item.payload;
  const wrong = Number.isFinite(total) ? badNumber(items) : 'total';
  if (wrong !== undefined) return rejected('payload_wrong_type', `${wrong} is not a number.`, wrong);
  if (total < 0) {
    return rejected('payload_out_of_range', 'The total of an order cannot be negative.', 'total');
  }
  const createdAt = orderedAt === undefined ? undefined : epochSeconds(orderedAt);
  if (orderedAt !== undefined && createdAt === undefined) {
    return rejected('payload_invalid_format', `"${orderedAt}" is not a valid time.`, 'orderedAt');
  }
  const identity = (await identitiesOf([item], context))[0]!;
  const { guard } = instanceOf(context);
  await guard.ready(context);
  const built = userBody({ email, userId }, identity, projectOf(context));
  const { fields: dataFields, notes } = guard.check('purchase', ownFields(item.payload));
  return sendCommerce(
    {
      path: '/api/commerce/trackPurchase',
      user: built.body,
      identity,
      rest: {
        id: orderId,
        items: items.map(commerceItem),
        total,
        ...(createdAt === undefined ? {} : { createdAt }),
        ...(Object.keys(dataFields).length === 0 ? {} : { dataFields }),
      },
      notes: [
        ...identity.notes,
        ...built.notes,
        ...notes,
        ...(createdAt === undefined ? [UNDATED_NOTE] : []),
      ],
    },
    context,
  );
}

const UNDATED_NOTE = 'The time of the order was not given; Iterable may date it to this correction.';

/** The data fields without the items, which are sent separately. */
function ownFields({ dataFields = {} }: Refund): JsonObject {
  const { products: _lines, ...rest } = dataFields;
  return rest;
}
