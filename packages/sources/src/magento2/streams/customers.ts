import type { ShopFailure, ShopState, ShopStream } from '@waybill/core';

import { readOrGone } from '../client.ts';
import { type CustomerRow, consentOf, customerOf } from '../states/customer.ts';
import { isRecord, type JsonObject } from '../../read.ts';
import { idOf, textOf } from '../json.ts';
import { keyOf } from './key.ts';
import { isFailure, remembered, unlessForbidden } from '../../remember.ts';
import { countOf, pageOf, searchAll } from '../search.ts';
import type { Context, Settings } from '../settings.ts';
import { storesOf } from '../stores.ts';

const NEWSLETTER =
  'id,email,firstname,lastname,created_at,updated_at,store_id,extension_attributes[is_subscribed]';
const CUSTOMER = `${NEWSLETTER},group_id,dob,gender,website_id,addresses[firstname,lastname,company,street,city,region,postcode,country_id,telephone,default_shipping,default_billing],custom_attributes`;
const SEARCH = 'customers/search';

/** Names of the customer groups, by ID. */
function groupsOf(context: Context): Promise<Readonly<Record<string, string>> | ShopFailure> {
  return remembered(context, 'groups', async () => {
    const found = unlessForbidden(
      await searchAll(context, { path: 'customerGroups/search', groups: [], fields: 'id,code' }),
      [],
    );
    if (isFailure(found)) return found;
    return Object.fromEntries(
      found.flatMap((row) => {
        const [id, code] = [textOf(row['id']), textOf(row['code'])];
        return id === undefined || code === undefined ? [] : [[id, code]];
      }),
    );
  });
}

async function joined(
  context: Context,
  customers: readonly JsonObject[],
): Promise<readonly CustomerRow[] | ShopFailure> {
  const [stores, groups] = await Promise.all([storesOf(context), groupsOf(context)]);
  if (isFailure(stores)) return stores;
  if (isFailure(groups)) return groups;
  return customers.map((customer) => ({
    customer,
    view: stores.views[idOf(customer['store_id']) ?? ''],
    group: groups[textOf(customer['group_id']) ?? ''],
  }));
}

/** Customers with an account, polled by time of change. */
export const customers: ShopStream<Settings, CustomerRow> = {
  title: 'Customers',
  description: 'Customers with an account: contact, address, group, and newsletter subscription.',
  kinds: ['customer', 'consent'],
  every: 60,
  overlap: 900,
  sweep: { every: 86_400, days: 14 },
  pageSize: 100,
  async page(query, context) {
    const found = await pageOf(context, { path: SEARCH, fields: CUSTOMER }, query);
    if (isFailure(found)) return found;
    const rows = await joined(context, found.rows);
    return isFailure(rows) ? rows : { rows, more: found.more };
  },
  async get(id, context) {
    const answer = await readOrGone(context, `customers/${encodeURIComponent(id)}`, { fields: CUSTOMER });
    if (answer === 'gone' || isFailure(answer)) return answer;
    if (!isRecord(answer.body)) return 'gone';
    const rows = await joined(context, [answer.body]);
    return isFailure(rows) ? rows : { row: rows[0]! };
  },
  count: (query, context) => countOf(context, { path: SEARCH, fields: '' }, query),
  keyOf: ({ customer }, by) => keyOf(customer, by, 'id'),
  states: (row, { settings }) => [customerOf(row, settings), ...consentOf(row)],
};

/** More days than any shop has existed. */
const ALL_DAYS = 36_500;

/**
 * All customers, read again every six hours for newsletter consent: a change in the storefront does not update the time of the
 * customer.
 */
export const newsletter: ShopStream<Settings, CustomerRow> = {
  title: 'Newsletter',
  description: 'Newsletter subscriptions of customers, whose changes are not visible in any other way.',
  kinds: ['consent'],
  sweep: { every: 21_600, days: ALL_DAYS },
  pageSize: 300,
  async page(query, context) {
    const [found, stores] = await Promise.all([
      pageOf(context, { path: SEARCH, fields: NEWSLETTER }, query),
      storesOf(context),
    ]);
    if (isFailure(found)) return found;
    if (isFailure(stores)) return stores;
    const rows = found.rows.map((customer) => ({
      customer,
      view: stores.views[idOf(customer['store_id']) ?? ''],
    }));
    return { rows, more: found.more };
  },
  count: (query, context) => countOf(context, { path: SEARCH, fields: '' }, query),
  keyOf: ({ customer }, by) => keyOf(customer, by, 'id'),
  states: (row): readonly ShopState[] => consentOf(row),
};
