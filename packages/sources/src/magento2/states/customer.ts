import type { ShopState } from '@waybill/core';

import { addressOf } from './address.ts';
import { known, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, memberOf, numberOf, textOf, timeOf } from '../json.ts';
import type { Settings } from '../settings.ts';
import { storeOf, type StoreView } from '../stores.ts';

/** A customer with its store and group. */
export interface CustomerRow {
  readonly customer: JsonObject;
  readonly view?: StoreView | undefined;
  readonly group?: string | undefined;
}

const GENDERS: Readonly<Record<number, string>> = { 1: 'male', 2: 'female' };

function requiredId(customer: JsonObject): string {
  const id = idOf(customer['id']);
  if (id === undefined) throw new Error('The customer has no id.');
  return id;
}

/** Converts a customer to a state. */
export function customerOf({ customer, view, group }: CustomerRow, settings: Settings): ShopState {
  const addresses = objectsOf(customer['addresses']);
  const main =
    addresses.find((one) => one['default_shipping'] === true) ??
    addresses.find((one) => one['default_billing'] === true) ??
    addresses[0];
  const address = addressOf(main);
  return known({
    kind: 'customer' as const,
    id: requiredId(customer),
    email: textOf(customer['email']),
    phone: address?.phone,
    firstName: textOf(customer['firstname']),
    lastName: textOf(customer['lastname']),
    createdAt: timeOf(customer['created_at']),
    updatedAt: timeOf(customer['updated_at']),
    birthday: dateOf(customer['dob']),
    gender: GENDERS[numberOf(customer['gender']) ?? 0],
    company: address?.company,
    address,
    group: group ?? textOf(customer['group_id']),
    store: storeOf(idOf(customer['store_id']), view),
    custom: customOf(customer, settings),
  });
}

function dateOf(value: unknown): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(textOf(value) ?? '')?.[0];
}

/** Returns the custom attributes that the settings name. */
function customOf(customer: JsonObject, { customerAttributes = [] }: Settings): JsonObject | undefined {
  const found = objectsOf(customer['custom_attributes']).flatMap((one) => {
    const code = textOf(one['attribute_code']);
    const value = one['value'];
    const isWanted = code !== undefined && customerAttributes.includes(code);
    return isWanted && value !== undefined && value !== null ? [[code, value] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Returns the newsletter consent of a customer. Magento has neither its time, nor whether a person without it ever had it. */
export function consentOf({ customer, view }: CustomerRow): readonly ShopState[] {
  const takes = memberOf(customer['extension_attributes'], 'is_subscribed');
  if (typeof takes !== 'boolean') return [];
  const id = requiredId(customer);
  return [
    known({
      kind: 'consent' as const,
      id: `${id} email`,
      customer: known({
        id,
        email: textOf(customer['email']),
        firstName: textOf(customer['firstname']),
        lastName: textOf(customer['lastname']),
      }),
      channel: 'email' as const,
      state: takes ? ('subscribed' as const) : ('none' as const),
      origin: 'magento2',
      store: storeOf(idOf(customer['store_id']), view),
    }),
  ];
}
