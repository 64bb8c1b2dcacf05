import type { ConsentState, ShopState } from '@waybill/core';
import { filled, type JsonObject, listOf, recordOf, some, textOf, timeOf } from '../../read.ts';
import { newestOf } from './parts.ts';

interface Said extends Pick<ConsentState, 'customer' | 'state' | 'at' | 'origin' | 'lists' | 'store'> {
  readonly channel: 'email' | 'sms';
}

/**
 * Consent of a person. Orders, carts and customers report the same consent, so its ID is the e-mail address: the latest one
 * wins.
 */
function consentState({ channel, ...said }: Said): readonly ShopState[] {
  const email = said.customer?.email?.toLowerCase();
  if (email === undefined) return [];
  return [{ kind: 'consent', id: `${channel}:${email}`, channel, ...some(said) } as ShopState];
}

/** Returns the consents given in a checkout. An unticked box is not an opt-out. */
export function consentsAtCheckout(
  ticked: { readonly email: unknown; readonly sms: unknown },
  by: Pick<ConsentState, 'customer' | 'at' | 'store'>,
): readonly ShopState[] {
  const said = { ...by, state: 'subscribed', origin: 'checkout' } as const;
  return [
    ...(ticked.email === true ? consentState({ ...said, channel: 'email' }) : []),
    ...(ticked.sms === true && by.customer?.phone !== undefined
      ? consentState({ ...said, channel: 'sms' })
      : []),
  ];
}

/** Returns the consents of a customer: lists are an opt-in; being unsubscribed from all, or a complaint, is an opt-out. */
export function consentsOfCustomer(
  row: JsonObject,
  customer: ConsentState['customer'],
): readonly ShopState[] {
  const activity = recordOf(row, 'activity');
  const changed = timeOf(row, 'last_modified_dts');
  const lists = listOf(activity, 'memberships')
    .filter((one) => textOf(one, 'type') !== 'segment')
    .flatMap((one) => textOf(one, 'name') ?? []);
  const states: ShopState[] = [];
  if (activity['global_unsubscribed'] === true || activity['spam_complaint'] === true) {
    const complaint = activity['spam_complaint'] === true;
    const at = newestOf([
      timeOf(activity, 'global_unsubscribed_dts'),
      timeOf(activity, 'spam_complaint_dts'),
    ]);
    const origin = complaint ? 'complaint' : undefined;
    states.push(
      ...consentState({ customer, channel: 'email', state: 'unsubscribed', at: at ?? changed, origin }),
    );
  } else if (lists.length > 0) {
    states.push(
      ...consentState({ customer, channel: 'email', state: 'subscribed', at: changed, lists: filled(lists) }),
    );
  }
  if (activity['sms_stop'] === true)
    states.push(
      ...consentState({ customer, channel: 'sms', state: 'unsubscribed', at: changed, origin: 'STOP' }),
    );
  return states;
}
