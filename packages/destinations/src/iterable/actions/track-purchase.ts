import {
  defineAction,
  defineFields,
  identifiersAt,
  type Identity,
  type Item,
  type Outcome,
  type Payload,
  rejected,
} from '@waybill/core';

import { attributionChoices } from '../api/choices.ts';
import { stableId } from '../api/stable-id.ts';
import { epochSeconds } from '../fields/dates.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, settings } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { projectOf, userBody, userField } from '../users/profile.ts';
import { sendCommerce } from './commerce.ts';
import { badNumber, commerceItem, itemsField } from './items.ts';

const fields = defineFields({
  id: {
    type: 'string',
    label: 'Order ID',
    description:
      'Identifies the order: a second purchase with the same ID corrects the first instead of adding to it.',
    required: false,
    default: { '@path': '$.properties.order_id' },
  },
  ...userField,
  dataFields: {
    type: 'object',
    label: 'Event Data Fields',
    description:
      'Additional data of the order, for example its currency. A list named `products` is left out, because the items are sent.',
    required: false,
    default: { '@path': '$.properties' },
  },
  ...itemsField,
  total: {
    type: 'number',
    label: 'Total',
    description: 'Total of the order. Iterable has no currencies.',
    required: true,
    default: { '@path': '$.properties.total' },
  },
  createdAt: {
    type: 'datetime',
    label: 'Timestamp',
    description: 'When the order was placed.',
    required: false,
    default: { '@path': '$.timestamp' },
  },
  campaignId: {
    type: 'integer',
    label: 'Campaign ID',
    description: 'The Iterable campaign that the order is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.campaignId' },
  },
  templateId: {
    type: 'integer',
    label: 'Template ID',
    description: 'The Iterable template that the order is attributed to.',
    required: false,
    dynamic: true,
    default: { '@path': '$.properties.templateId' },
  },
});

type Purchase = Payload<typeof fields>;

/** Records an order of a user. */
export const trackPurchase = defineAction({
  title: 'Track Purchase',
  description: 'Records an order of a user. Iterable then empties the cart of the user.',
  defaultTrigger: 'type = "track" and event == "Order Completed"',
  settings,
  fields,
  identifiers: identifiersAt({ within: 'user', email: 'email', userId: 'userId' }),
  dynamicFields: attributionChoices,
  async send(items, context) {
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(await purchase(item, context));
    return outcomes;
  },
});

async function purchase(item: Item<Purchase>, context: Context): Promise<Outcome> {
  const { id, user, items, total, createdAt, campaignId, templateId } = item.payload;
  const wrong = Number.isFinite(total) ? badNumber(items) : 'total';
  if (wrong !== undefined) return rejected('payload_wrong_type', `${wrong} is not a number.`, wrong);
  const seconds = epochSeconds(createdAt ?? item.event.timestamp);
  if (seconds === undefined) {
    return rejected('payload_invalid_format', `"${createdAt}" is not a valid time.`, 'createdAt');
  }
  const [identity] = (await identitiesOf([item], context)) as [Identity];
  const { guard } = instanceOf(context);
  await guard.ready(context);
  const built = userBody(user, identity, projectOf(context));
  // The items are sent as such; as a data field they would also use up the project's fields.
  const { products: _lines, ...given } = item.payload.dataFields ?? {};
  const { fields: dataFields, notes } = guard.check('purchase', given);
  return sendCommerce(
    {
      path: '/api/commerce/trackPurchase',
      user: built.body,
      identity,
      rest: {
        id: id ?? stableId(item),
        items: items.map(commerceItem),
        total,
        createdAt: seconds,
        ...(campaignId === undefined ? {} : { campaignId }),
        ...(templateId === undefined ? {} : { templateId }),
        ...(Object.keys(dataFields).length === 0 ? {} : { dataFields }),
      },
      notes: [...identity.notes, ...built.notes, ...notes],
    },
    context,
  );
}
