import type { ConsentState, CustomerState, ShopPerson, ShopState, ShopStore } from '@waybill/core';
import { type JsonObject, known } from '../../read.ts';
import { at, list, needed, text } from '../json.ts';
import { addressOf, customOf } from './parts.ts';
import type { Settings } from '../settings.ts';
import { storeState } from '../stores.ts';

/** A customer, with the first of its stores. */
export interface CustomerRow {
  readonly customer: JsonObject;
  readonly store?: JsonObject | undefined;
}

/** Converts a customer to states: the customer, and consent if the settings name its fields. */
export function customerStates({ customer, store }: CustomerRow, settings: Settings): readonly ShopState[] {
  const id = needed(customer, 'id');
  const address = addressOf(mainAddress(customer));
  const locale = text(customer, 'locale');
  const person: ShopPerson = known({
    id,
    externalId: text(customer, 'externalId'),
    email: text(customer, 'email'),
    phone: address?.phone,
    firstName: text(customer, 'firstName') ?? address?.firstName,
    lastName: text(customer, 'lastName') ?? address?.lastName,
  });
  const key = text(list(customer, 'stores')[0], 'key');
  const where = storeState(key, store, locale, settings);
  const group =
    text(customer, 'customerGroup', 'obj', 'name') ?? text(customer, 'customerGroup', 'obj', 'key');
  const state: CustomerState = {
    ...person,
    id,
    createdAt: text(customer, 'createdAt'),
    updatedAt: text(customer, 'lastModifiedAt'),
    birthday: text(customer, 'dateOfBirth'),
    company: text(customer, 'companyName') ?? address?.company,
    address,
    group,
    store: where,
    custom: customOf(customer, settings.customerFields),
  };
  return [known({ kind: 'customer' as const, ...state }), ...consentsOf(customer, person, where, settings)];
}

function mainAddress(customer: JsonObject): JsonObject | undefined {
  const addresses = list(customer, 'addresses');
  const wanted = [text(customer, 'defaultShippingAddressId'), text(customer, 'defaultBillingAddressId')];
  const main = wanted
    .filter((id) => id !== undefined)
    .map((id) => addresses.find((one) => text(one, 'id') === id))
    .find((one) => one !== undefined);
  return main ?? addresses[0];
}

const YES = ['true', 'yes', 'subscribed', 'optin', 'opted-in', 'opt-in'];
const PENDING = ['pending', 'unconfirmed'];
const NO = ['false', 'no', 'unsubscribed', 'optout', 'opted-out', 'opt-out'];

/** Reads a consent field: undefined when empty, because the person was not asked. */
function saidIn(value: unknown): ConsentState['state'] | undefined {
  const said = String(at(value, 'key') ?? value).toLowerCase();
  if (YES.includes(said)) return 'subscribed';
  if (PENDING.includes(said)) return 'pending';
  return NO.includes(said) ? 'unsubscribed' : undefined;
}

/** The representation of consent in a field, derived from its current value: boolean or "optin". */
export function asSaid(value: unknown, state: 'subscribed' | 'unsubscribed'): boolean | string | undefined {
  if (saidIn(value) === undefined) return undefined;
  if (typeof value === 'boolean') return state === 'subscribed';
  const said = String(at(value, 'key') ?? value).toLowerCase();
  const place = Math.max(0, YES.indexOf(said), NO.indexOf(said));
  // Pending confirmation is matched by whole words.
  const index = PENDING.includes(said) ? YES.indexOf('subscribed') : place;
  return state === 'subscribed' ? YES[index] : NO[index];
}

function consentsOf(
  row: JsonObject,
  customer: ShopPerson,
  store: ShopStore | undefined,
  settings: Settings,
): readonly ShopState[] {
  const fields = [
    ['email', settings.emailConsentField],
    ['sms', settings.smsConsentField],
    ['whatsapp', settings.whatsAppConsentField],
  ] as const;
  return fields.flatMap(([channel, name]): ShopState[] => {
    const state = name === undefined ? undefined : saidIn(at(row, 'custom', 'fields', name));
    if (state === undefined) return [];
    const id = `${customer.id}-${channel}`;
    return [known({ kind: 'consent' as const, id, customer, channel, state, store })];
  });
}
