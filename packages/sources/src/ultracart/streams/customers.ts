import type { RowQuery, ShopStream } from '@waybill/core';
import { call, list } from '../api.ts';
import { idOf, type JsonObject, must, recordOf, timeOf } from '../../read.ts';
import type { Settings } from '../settings.ts';
import { customerStates } from '../states/customer.ts';

const PATH = 'customer/customers';
/** The requested parts, without cards and attachments. */
const EXPAND = 'activity,billing,loyalty,orders_summary,pricing_tiers,properties,shipping,tags';

const fieldOf = (by: RowQuery['by']): string => (by === 'changed' ? 'last_modified_dts' : 'signup_dts');

function spanOf({
  by,
  since,
  until,
}: Pick<RowQuery, 'by' | 'since' | 'until'>): Readonly<Record<string, string>> {
  return {
    ...(since === undefined ? {} : { [`${fieldOf(by)}_start`]: since }),
    ...(until === undefined ? {} : { [`${fieldOf(by)}_end`]: until }),
  };
}

/** Customer profiles by time of change. */
export const customers: ShopStream<Settings, JsonObject> = {
  title: 'Customers',
  description: 'Customers with an account, what they have spent, and their choices about e-mail and SMS.',
  kinds: ['customer', 'consent'],
  every: 300,
  overlap: 3_600,
  // A change of e-mail consent may not count as a change of the profile.
  sweep: { every: 86_400, days: 30 },
  pageSize: 200,
  page: (query, context) =>
    list(context, 'customers', {
      path: PATH,
      query: {
        ...spanOf(query),
        _limit: query.limit,
        _offset: query.skip,
        _sort: fieldOf(query.by),
        _expand: EXPAND,
      },
    }),
  async get(id, context) {
    const path = `${PATH}/${encodeURIComponent(id)}`;
    const got = await call(context, { path, query: { _expand: EXPAND } });
    if ('failure' in got) return got;
    const row = 'missing' in got ? {} : recordOf(got.body, 'customer');
    return Object.keys(row).length === 0 ? 'gone' : { row };
  },
  async count(span, context) {
    const found = await list(context, 'customers', { path: PATH, query: { ...spanOf(span), _limit: 1 } });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
  keyOf: (row, by) => ({
    id: must(idOf(row, 'customer_profile_oid'), 'customer_profile_oid'),
    at: must(timeOf(row, fieldOf(by)) ?? timeOf(row, 'signup_dts'), 'time'),
  }),
  states: (row, { settings }) => customerStates(row, settings),
};
