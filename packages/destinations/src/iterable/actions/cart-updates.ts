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

import { instanceOf } from '../fields/instance.ts';
import { type Context, settings } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { projectOf, userBody, userField } from '../users/profile.ts';
import { sendCommerce } from './commerce.ts';
import { badNumber, commerceItem, itemsField } from './items.ts';

const fields = defineFields({ ...userField, ...itemsField });

type CartUpdate = Payload<typeof fields>;

/** Sets the cart of a user. */
export const cartUpdates = defineAction({
  title: 'Cart Updates',
  description: 'Sets the whole cart of a user, in `shoppingCartItems` of the profile; no items empty it.',
  defaultTrigger: 'type = "track" and event == "Cart Updated"',
  settings,
  fields,
  identifiers: identifiersAt({ within: 'user', email: 'email', userId: 'userId' }),
  async send(items, context) {
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(await updateCart(item, context));
    return outcomes;
  },
});

async function updateCart(item: Item<CartUpdate>, context: Context): Promise<Outcome> {
  const { user, items } = item.payload;
  const wrong = badNumber(items);
  if (wrong !== undefined) return rejected('payload_wrong_type', `${wrong} is not a number.`, wrong);
  const [identity] = (await identitiesOf([item], context)) as [Identity];
  await instanceOf(context).guard.ready(context);
  const built = userBody(user, identity, projectOf(context));
  return sendCommerce(
    {
      path: '/api/commerce/updateCart',
      user: built.body,
      identity,
      rest: { items: items.map(commerceItem) },
      notes: [...identity.notes, ...built.notes],
    },
    context,
  );
}
