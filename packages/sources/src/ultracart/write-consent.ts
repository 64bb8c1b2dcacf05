import { type ConsentWrite, failed, type ShopFailure } from '@waybill/core';
import { call, type Got } from './api.ts';
import { idOf, listOf, recordOf, textOf } from '../read.ts';
import type { Context } from './settings.ts';

/** Adds a customer to the list of the newsletter, or removes them; without such a list they are unsubscribed from all. */
export async function writeConsent(
  { email, channel, state }: ConsentWrite,
  context: Context,
): Promise<'written' | 'nobody' | ShopFailure> {
  if (channel !== 'email') return 'nobody';
  const path = `customer/customers/by_email/${encodeURIComponent(email)}`;
  const got = await call(context, { path, query: { _expand: 'activity' } });
  if ('failure' in got) return got;
  const row = 'missing' in got ? {} : recordOf(got.body, 'customer');
  const id = idOf(row, 'customer_profile_oid');
  const { newsletterList } = context.settings;
  const lists =
    newsletterList === undefined
      ? listOf(recordOf(row, 'activity'), 'memberships')
          .filter((one) => textOf(one, 'type') !== 'segment')
          .flatMap((one) => textOf(one, 'uuid') ?? [])
      : [newsletterList];
  const isYes = state === 'subscribed';
  if (id === undefined || lists.length === 0 || (isYes && newsletterList === undefined)) return 'nobody';
  return writtenOr(
    await call(context, {
      method: 'POST',
      path: `customer/customers/${encodeURIComponent(id)}/email_lists`,
      json: isYes ? { add_to_lists: lists } : { remove_from_lists: lists },
    }),
  );
}

function writtenOr(got: Got): 'written' | 'nobody' | ShopFailure {
  if ('missing' in got) return 'nobody';
  if (!('failure' in got)) return 'written';
  if (got.failure.code !== 'source_forbidden') return got;
  const message = 'The API user lacks customer_write, which is required to write consent.';
  return { failure: failed('source_forbidden', message) };
}
