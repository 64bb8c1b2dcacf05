import type { ConsentState, ShopState } from '@waybill/core';
import { filled, idOf, must, some, textOf, timeOf } from '../../read.ts';
import type { SubscriberRow } from '../rows.ts';
import { storeOfChannel } from './parts.ts';

/** Converts a subscriber to consent for e-mail: BigCommerce has no other channel. */
export function consentState({ subscriber, channel }: SubscriberRow): ShopState {
  const given = subscriber['consents'];
  const lists = Array.isArray(given) ? given.map(String) : [];
  return {
    kind: 'consent',
    ...some({
      id: must(idOf(subscriber, 'id'), 'id'),
      customer: some({
        email: must(textOf(subscriber, 'email'), 'email'),
        firstName: textOf(subscriber, 'first_name'),
        lastName: textOf(subscriber, 'last_name'),
      }),
      channel: 'email',
      state: lists.includes('marketing_newsletter') ? 'subscribed' : 'none',
      at: timeOf(subscriber, 'date_modified'),
      origin: textOf(subscriber, 'source'),
      lists: filled(lists),
      store: storeOfChannel(channel),
    } satisfies ConsentState)!,
  } as ShopState;
}
