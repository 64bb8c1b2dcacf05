import type { CustomerState, ShopState } from '@waybill/core';
import { idOf, listOf, must, numberOf, some, textOf, timeOf } from '../../read.ts';
import type { Settings } from '../settings.ts';
import type { CustomerRow } from '../rows.ts';
import { addressOf, storeOfChannel } from './parts.ts';

/** Converts a customer to a state. */
export function customerState(row: CustomerRow, settings: Settings): ShopState {
  const { customer, group, channel } = row;
  const address = listOf(customer, 'addresses')[0];
  return {
    kind: 'customer',
    ...some({
      id: must(idOf(customer, 'id'), 'id'),
      email: textOf(customer, 'email'),
      phone: textOf(customer, 'phone') ?? textOf(address ?? {}, 'phone'),
      firstName: textOf(customer, 'first_name'),
      lastName: textOf(customer, 'last_name'),
      createdAt: timeOf(customer, 'date_created'),
      updatedAt: timeOf(customer, 'date_modified'),
      company: textOf(customer, 'company'),
      address: address && addressOf(address),
      group,
      store: storeOfChannel(channel),
      custom: customOf(row, settings),
    } satisfies CustomerState)!,
  } as ShopState;
}

/** Form fields can contain anything: only the named ones are used. */
function customOf({ customer, attributes }: CustomerRow, { customerFields = [] }: Settings) {
  const forms = listOf(customer, 'form_fields').flatMap((field) => {
    const name = textOf(field, 'name');
    return name !== undefined && customerFields.includes(name) ? [[name, field['value']]] : [];
  });
  const accepts = customer['accepts_product_review_abandoned_cart_emails'];
  return some({
    ...(Object.fromEntries(forms) as Record<string, unknown>),
    ...attributes,
    acceptsReviewAndCartEmails: typeof accepts === 'boolean' ? accepts : undefined,
    storeCredit: numberOf(listOf(customer, 'store_credit_amounts')[0] ?? {}, 'amount'),
  });
}
