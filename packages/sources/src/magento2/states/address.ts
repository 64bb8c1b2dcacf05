import type { ShopAddress } from '@waybill/core';

import { isRecord, known, type JsonObject } from '../../read.ts';
import { memberOf, textOf } from '../json.ts';

/** Converts a postal address; undefined when nothing was entered: a cart has an empty one. */
export function addressOf(value: unknown): ShopAddress | undefined {
  if (!isRecord(value)) return undefined;
  const address = known({
    firstName: textOf(value['firstname']),
    lastName: textOf(value['lastname']),
    company: textOf(value['company']),
    street: streetOf(value),
    city: textOf(value['city']),
    state: textOf(value['region']) ?? textOf(memberOf(value['region'], 'region')),
    postalCode: textOf(value['postcode']),
    country: textOf(value['country_id']),
    phone: textOf(value['telephone']),
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

/** REST has lines, events one string with line breaks. */
function streetOf({ street }: JsonObject): string | undefined {
  if (!Array.isArray(street)) return textOf(street);
  return textOf(street.flatMap((line) => textOf(line) ?? []).join('\n'));
}
