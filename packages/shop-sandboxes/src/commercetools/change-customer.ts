import { answer, type ShopAnswer, type ViewContext } from '../frame/index.ts';
import { CONSENT_FIELDS, customerOf } from './customers.ts';
import { error } from './lists.ts';

interface Update {
  readonly version: number;
  readonly actions: readonly { readonly action: string; readonly name?: string; readonly value?: unknown }[];
}

const CHANNELS = ['email', 'sms'] as const;

/** Updates the consents of a customer: other actions are refused. */
export function changeCustomer({ model }: ViewContext, id: string, body: string): ShopAnswer {
  const found = model.tables.customer.all().find(({ uuid }) => uuid === id);
  if (found === undefined)
    return error(404, 'ResourceNotFound', `The Resource with ID '${id}' was not found.`);
  const { version, actions } = JSON.parse(body) as Update;
  if (version !== found.version)
    return error(409, 'ConcurrentModification', `Object ${id} has a different version than expected.`);
  for (const { action, name, value } of actions) {
    const channel = CHANNELS.find((one) => CONSENT_FIELDS[one] === name);
    if (action !== 'setCustomField' || channel === undefined)
      return error(400, 'InvalidInput', `This sandbox cannot do ${action}.`);
    const { storeId, email } = found;
    const state = value === 'subscribed' ? 'subscribed' : 'unsubscribed';
    model.customers.say({ storeId, email, channel, state, origin: 'import' });
  }
  return answer(customerOf(model, model.tables.customer.get(found.id), new Set()));
}
