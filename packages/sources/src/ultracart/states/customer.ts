import type { CustomerState, ShopState } from '@waybill/core';
import {
  filled,
  idOf,
  type JsonObject,
  listOf,
  must,
  numberOf,
  recordOf,
  some,
  textOf,
  timeOf,
} from '../../read.ts';
import type { Settings } from '../settings.ts';
import { consentsOfCustomer } from './consent.ts';
import { addressOf, phoneOf, plainAmount, propertiesOf, wantedOf } from './parts.ts';

/** Converts a customer profile to states: the customer, and consent. */
export function customerStates(row: JsonObject, settings: Settings): readonly ShopState[] {
  const billing = defaultOf(row, 'billing');
  const shipping = defaultOf(row, 'shipping');
  const contact = billing ?? shipping ?? {};
  const currency = settings.currency ?? 'USD';
  const orders = recordOf(row, 'orders_summary');
  const tiers = listOf(row, 'pricing_tiers').flatMap((one) => textOf(one, 'name') ?? []);
  const loyalty = recordOf(row, 'loyalty');
  const properties = propertiesOf(row);
  const person = {
    id: must(idOf(row, 'customer_profile_oid'), 'customer_profile_oid'),
    email: textOf(row, 'email'),
    phone: phoneOf(contact) ?? (shipping && phoneOf(shipping)),
    firstName: textOf(contact, 'first_name'),
    lastName: textOf(contact, 'last_name'),
  };
  const state = some({
    ...person,
    createdAt: timeOf(row, 'signup_dts'),
    updatedAt: timeOf(row, 'last_modified_dts'),
    company: textOf(contact, 'company'),
    address: addressOf(shipping ?? contact),
    group: textOf(loyalty, 'loyalty_tier_name') ?? tiers[0],
    tags: filled(listOf(row, 'tags').flatMap((one) => textOf(one, 'tag_value') ?? [])),
    currency,
    lifetimeTotal: plainAmount(orders, 'total', currency),
    lifetimeOrders: numberOf(orders, 'order_count'),
    store: some({ id: textOf(row, 'merchant_id') }),
    custom: some({
      pricingTiers: filled(tiers),
      loyaltyPoints: numberOf(loyalty, 'current_points'),
      firstOrderAt: timeOf(orders, 'first_order_dts'),
      lastOrderAt: timeOf(orders, 'last_order_dts'),
      ...wantedOf(settings.customerFields, (name) => properties.get(name)),
    }),
  } satisfies CustomerState)!;
  return [{ kind: 'customer', ...state } as ShopState, ...consentsOfCustomer(row, some(person))];
}

function defaultOf(row: JsonObject, name: 'billing' | 'shipping'): JsonObject | undefined {
  const all = listOf(row, name);
  return all.find((one) => one[`default_${name}`] === true) ?? all[0];
}
