import type { ShopPerson } from '@waybill/core';
import { type JsonObject, known } from '../../read.ts';
import { at, text } from '../json.ts';
import { addressOf } from './parts.ts';

/** Returns the person of an order or a cart. The customer account is read if the row has no e-mail address. */
export function personOf(row: JsonObject, customer: JsonObject | undefined): ShopPerson {
  const addresses = [row['billingAddress'], row['shippingAddress']];
  const first = addressOf(addresses.find((one) => at(one) !== undefined));
  const emails = [
    text(row, 'customerEmail'),
    text(customer, 'email'),
    ...addresses.map((one) => text(one, 'email')),
  ];
  return known({
    id: text(row, 'customerId') ?? text(row, 'customer', 'id'),
    externalId: text(customer, 'externalId'),
    anonymousId: text(row, 'anonymousId'),
    email: emails.find(Boolean),
    phone: addresses.map((one) => addressOf(one)?.phone).find(Boolean),
    firstName: text(customer, 'firstName') ?? first?.firstName,
    lastName: text(customer, 'lastName') ?? first?.lastName,
  });
}
