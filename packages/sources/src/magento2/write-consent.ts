import type { ConsentWrite, ShopFailure } from '@waybill/core';

import { write } from './client.ts';
import { idOf } from './json.ts';
import { isFailure } from '../remember.ts';
import { searchAll } from './search.ts';
import type { Context } from './settings.ts';

/** The members of a customer that Magento requires with every change. */
const FIELDS = 'id,email,firstname,lastname,website_id,store_id';

/** Subscribes the accounts of an address to the newsletter, or unsubscribes them. Guests need an additional module. */
export async function writeConsent(
  { email, channel, state }: ConsentWrite,
  context: Context,
): Promise<'written' | 'nobody' | ShopFailure> {
  if (channel !== 'email') return 'nobody';
  const found = await searchAll(context, {
    path: 'customers/search',
    groups: [[{ field: 'email', is: 'eq', value: email }]],
    fields: FIELDS,
  });
  if (isFailure(found)) return found;
  let written = 0;
  for (const customer of found) {
    const id = idOf(customer['id']);
    if (id === undefined) continue;
    const extension_attributes = { is_subscribed: state === 'subscribed' };
    const path = `customers/${encodeURIComponent(id)}`;
    const answer = await write(context, path, { customer: { ...customer, extension_attributes } });
    if (isFailure(answer)) return answer;
    written += 1;
  }
  return written > 0 ? 'written' : 'nobody';
}
