import type { ShopAddress, ShopPerson, ShopStore } from '@waybill/core';
import type { Channel } from '../lookups.ts';
import { idOf, type JsonObject, some, textOf } from '../../read.ts';

/** Converts a postal address: orders, customers and checkouts name its parts differently. */
export function addressOf(row: JsonObject): ShopAddress | undefined {
  const country = textOf(row, 'country_iso2') ?? textOf(row, 'country_code');
  const street = [
    textOf(row, 'street_1') ?? textOf(row, 'address1'),
    textOf(row, 'street_2') ?? textOf(row, 'address2'),
  ].filter((line) => line !== undefined);
  return some({
    firstName: textOf(row, 'first_name'),
    lastName: textOf(row, 'last_name'),
    company: textOf(row, 'company'),
    street: street.length === 0 ? undefined : street.join('\n'),
    city: textOf(row, 'city'),
    state: textOf(row, 'state') ?? textOf(row, 'state_or_province'),
    postalCode: textOf(row, 'zip') ?? textOf(row, 'postal_code'),
    country: country?.length === 2 ? country.toUpperCase() : undefined,
    phone: textOf(row, 'phone'),
  });
}

/** Returns the person of an order or a cart: the customer ID of a guest is 0. */
export function personOf(row: JsonObject, contact: JsonObject): ShopPerson | undefined {
  return some({
    id: idOf(row, 'customer_id'),
    email: textOf(row, 'email') ?? textOf(contact, 'email'),
    phone: textOf(contact, 'phone'),
    firstName: textOf(contact, 'first_name'),
    lastName: textOf(contact, 'last_name'),
  });
}

/** Returns the store for a storefront or another channel. */
export function storeOfChannel(
  channel: Channel | undefined,
  locale: string | undefined = channel?.locale,
): ShopStore | undefined {
  return some({ id: channel?.id, name: channel?.name, channel: channel?.type, locale, url: channel?.url });
}
