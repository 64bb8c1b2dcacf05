import type { RowPage, RowQuery, ShopFailure, ShopStream } from '@waybill/core';
import { call, list } from '../api.ts';
import { ordersById } from '../order-batch.ts';
import { idOf, type JsonObject, must, recordOf, textOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { type AutoOrderRow, changedAt, subscriptionState } from '../states/subscription.ts';

const PATH = 'auto_order/auto_orders';
const EXPAND = 'items,rebill_orders';
const LIMIT = 200;
/** The maximum number of pages of changes since a time. */
const MOST_PAGES = 40;

/** Auto orders: those that changed, and once a day those of a year. */
export const autoOrders: ShopStream<Settings, AutoOrderRow> = {
  title: 'Auto orders',
  description: 'Recurring orders, each with its first order.',
  kinds: ['subscription'],
  every: 300,
  overlap: 3_600,
  // Not every change updates a time.
  sweep: { every: 86_400, days: 365 },
  pageSize: LIMIT,
  page: (query, context) =>
    query.by === 'changed' ? changedPage(query, context) : createdPage(query, context),
  async get(id, context) {
    const path = `${PATH}/${encodeURIComponent(id)}`;
    const got = await call(context, { path, query: { _expand: EXPAND } });
    if ('failure' in got) return got;
    const autoOrder = 'missing' in got ? {} : recordOf(got.body, 'auto_order');
    if (idOf(autoOrder, 'auto_order_oid') === undefined) return 'gone';
    const rows = await withOrders([autoOrder], context);
    return 'failure' in rows ? rows : { row: rows.rows[0]! };
  },
  async count(span, context) {
    const query = { ...spanOf(span), _limit: 1 };
    const found = await list(context, 'auto_orders', { path: PATH, query });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
  keyOf,
  states: (row, { settings }) => [subscriptionState(row, settings)],
};

function keyOf(row: AutoOrderRow, by: RowQuery['by']) {
  const at = by === 'changed' ? changedAt(row) : timeOf(row.order ?? {}, 'creation_dts');
  return { id: must(idOf(row.autoOrder, 'auto_order_oid'), 'auto_order_oid'), at: must(at, 'time') };
}

function spanOf({ since, until }: Pick<RowQuery, 'since' | 'until'>): Readonly<Record<string, string>> {
  return {
    ...(since === undefined ? {} : { original_order_date_begin: since }),
    ...(until === undefined ? {} : { original_order_date_end: until }),
  };
}

async function createdPage(query: RowQuery, context: Context): Promise<RowPage<AutoOrderRow> | ShopFailure> {
  // Order numbers increase, so they are in order of time.
  const asked = { ...spanOf(query), _limit: query.limit, _offset: query.skip, _sort: 'original_order_id' };
  const found = await list(context, 'auto_orders', { path: PATH, query: { ...asked, _expand: EXPAND } });
  if ('failure' in found) return found;
  const joined = await withOrders(found.rows, context);
  return 'failure' in joined ? joined : { ...joined, more: found.more };
}

/** Changes cannot be sorted by time: all are read, and sorted here. */
async function changedPage(
  { since, skip, limit }: RowQuery,
  context: Context,
): Promise<RowPage<AutoOrderRow> | ShopFailure> {
  const all: JsonObject[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { _limit: LIMIT, _offset: page * LIMIT, _sort: 'original_order_id', _expand: EXPAND };
    const query = { ...(since === undefined ? {} : { _since: since }), ...asked };
    const found = await list(context, 'auto_orders', { path: PATH, query });
    if ('failure' in found) return found;
    all.push(...found.rows);
    if (!found.more) break;
  }
  const joined = await withOrders(all, context);
  if ('failure' in joined) return joined;
  const rows = joined.rows
    .map((row) => ({ row, at: changedAt(row) ?? '', id: textOf(row.autoOrder, 'auto_order_oid') ?? '' }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : Number(a.id) - Number(b.id)))
    .map(({ row }) => row);
  return { rows: rows.slice(skip, skip + limit), more: rows.length > skip + limit };
}

/** Auto orders with their original orders, which have the customer, the names and the prices. */
async function withOrders(
  rows: readonly JsonObject[],
  context: Context,
): Promise<{ readonly rows: readonly AutoOrderRow[] } | ShopFailure> {
  const ids = new Set(rows.flatMap((row) => idOf(row, 'original_order_id') ?? []));
  const orders = await ordersById([...ids], context);
  if ('failure' in orders) return orders;
  return {
    rows: rows.map((autoOrder) => {
      const order = orders.get(idOf(autoOrder, 'original_order_id') ?? '');
      return { autoOrder, ...(order === undefined ? {} : { order }) };
    }),
  };
}
