import type { RowKey, RowQuery, ShopStream } from '@waybill/core';
import { list } from '../api.ts';
import { attributeNames, channelOf, groupNames } from '../lookups.ts';
import { datesOf, pageInTime, type ReadSpan } from '../paging.ts';
import { idOf, type JsonObject, listOf, must, textOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { customerState } from '../states/customer.ts';
import type { CustomerRow } from '../rows.ts';

const INCLUDE = 'addresses,storecredit,attributes,formfields';

/** Customers by time of change. */
export const customers: ShopStream<Settings, CustomerRow> = {
  title: 'Customers',
  description: 'Customers with an account, with their first address, group and chosen fields.',
  kinds: ['customer'],
  every: 60,
  overlap: 900,
  // A changed address does not update the time of the customer; the webhook reports it.
  sweep: { every: 86_400, days: 30 },
  pageSize: 250,
  async page(query, context) {
    const found = await pageInTime(query, spansOf(context));
    if ('failure' in found) return found;
    return { ...found, rows: await Promise.all(found.rows.map((row) => named(row, context))) };
  },
  async get(id, context) {
    const found = await list(context, { path: 'v3/customers', query: { 'id:in': id, include: INCLUDE } });
    if ('failure' in found) return found;
    const customer = found.rows.find((row) => idOf(row, 'id') === id);
    return customer === undefined ? 'gone' : { row: await named(customer, context) };
  },
  async count(span, context) {
    const found = await list(context, {
      path: 'v3/customers',
      query: { ...datesOf(span), limit: 1 },
    });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
  keyOf: ({ customer }, by) => customerKey(customer, by),
  states: (row, { settings }) => [customerState(row, settings)],
};

function customerKey(customer: JsonObject, by: RowQuery['by']): RowKey {
  const at = timeOf(customer, by === 'changed' ? 'date_modified' : 'date_created');
  return { id: must(idOf(customer, 'id'), 'id'), at: must(at, 'time') };
}

function spansOf(context: Context): ReadSpan {
  return ({ page, limit, ...span }) => {
    const sort = span.by === 'changed' ? 'date_modified:asc' : 'date_created:asc';
    return list(context, {
      path: 'v3/customers',
      query: { ...datesOf(span), include: INCLUDE, sort, page, limit },
    });
  };
}

async function named(customer: JsonObject, context: Context): Promise<CustomerRow> {
  const groupId = idOf(customer, 'customer_group_id');
  const group = groupId === undefined ? undefined : ((await groupNames(context)).get(groupId) ?? groupId);
  const channel = await channelOf(context, idOf(customer, 'origin_channel_id'));
  return {
    customer,
    ...(group === undefined ? {} : { group }),
    attributes: await attributesOf(customer, context),
    ...(channel === undefined ? {} : { channel }),
  };
}

/** The configured attributes; their names are only read if there are any. */
async function attributesOf(customer: JsonObject, context: Context): Promise<CustomerRow['attributes']> {
  const wanted = context.settings.customerFields ?? [];
  const values = listOf(customer, 'attributes');
  if (wanted.length === 0 || values.length === 0) return {};
  const names = await attributeNames(context);
  return Object.fromEntries(
    values.flatMap((value) => {
      const name = names.get(textOf(value, 'attribute_id') ?? '');
      return name !== undefined && wanted.includes(name) ? [[name, value['attribute_value']]] : [];
    }),
  );
}
