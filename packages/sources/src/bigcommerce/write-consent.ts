import { type ConsentWrite, failed, type ShopFailure } from '@waybill/core';
import { call, list } from './api.ts';
import { idOf } from '../read.ts';
import type { Context } from './settings.ts';

const PATH = 'v3/customers/subscribers';
const NEWSLETTER = 'marketing_newsletter';

/** Adds the newsletter to the consents of a subscriber, or removes it; other consents stay. */
export async function writeConsent(
  { email, channel, state }: ConsentWrite,
  context: Context,
): Promise<'written' | 'nobody' | ShopFailure> {
  if (channel !== 'email') return 'nobody';
  const found = await list(context, { path: PATH, query: { email } });
  if ('failure' in found) return found;
  let written = 0;
  for (const row of found.rows) {
    const id = idOf(row, 'id');
    if (id === undefined || String(row['email']).toLowerCase() !== email) continue;
    const others = [row['consents'] ?? []].flat().filter((one) => one !== NEWSLETTER);
    const consents = state === 'subscribed' ? [...others, NEWSLETTER] : others;
    const got = await call(context, { method: 'PUT', path: `${PATH}/${id}`, json: { consents } });
    if ('failure' in got) return got.failure.code === 'source_forbidden' ? forbidden(got) : got;
    written += 'missing' in got ? 0 : 1;
  }
  return written > 0 ? 'written' : 'nobody';
}

function forbidden({ failure }: ShopFailure): ShopFailure {
  const message = `${failure.message} To write consent, it needs "Marketing: modify" and "Customers: modify".`;
  return { failure: failed('source_forbidden', message) };
}
