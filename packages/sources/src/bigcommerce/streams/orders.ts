import type { RowKey, RowQuery, ShopFailure, ShopStream } from '@waybill/core';
import { call, dataOf, list } from '../api.ts';
import { channelOf } from '../lookups.ts';
import { pageInTime, type ReadSpan } from '../paging.ts';
import { idOf, type JsonObject, must, numberOf, textOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { orderState } from '../states/order.ts';
import type { OrderRow } from '../rows.ts';

const DAY = 86_400;
/** Items are included in the order: otherwise they need a call per order. */
const INCLUDE = { include: 'consignments,consignments.line_items,fees', consignment_structure: 'object' };
const PAGE = 250;

/** Orders by time of change. */
export const orders: ShopStream<Settings, OrderRow> = {
  title: 'Orders',
  description: 'Orders with their lines, coupons, shipments and refunds.',
  kinds: ['order'],
  every: 60,
  overlap: 900,
  // A parcel or its tracking number may not change the order.
  sweep: { every: DAY, days: 30 },
  pageSize: PAGE,
  async page(query, context) {
    const found = await pageInTime(query, spansOf(context));
    return 'failure' in found ? found : { ...found, rows: found.rows.map(bareRow) };
  },
  complete: withParts,
  async get(id, context) {
    const found = await orderById(id, context);
    return found === 'gone' || 'failure' in found ? found : { row: found };
  },
  async count({ by, since, until }, context) {
    const got = await call(context, { path: 'v2/orders/count', query: within(by, since, until) });
    if ('failure' in got) return got;
    return { count: 'missing' in got ? 0 : (numberOf(dataOf(got.body), 'count') ?? 0) };
  },
  keyOf: ({ order }, by) => orderKey(order, by),
  states: (row) => [orderState(row)],
};

/** Reads an order with its related resources, by ID. */
export async function orderById(id: string, context: Context): Promise<OrderRow | 'gone' | ShopFailure> {
  const got = await call(context, { path: `v2/orders/${encodeURIComponent(id)}`, query: INCLUDE });
  if ('failure' in got) return got;
  if ('missing' in got) return 'gone';
  const rows = await withParts([bareRow(dataOf(got.body))], context);
  return 'failure' in rows ? rows : rows[0]!;
}

/** Reads the order that a cart became. */
export async function orderOfCart(
  cart: string,
  context: Context,
): Promise<{ readonly order: JsonObject | undefined } | ShopFailure> {
  const found = await list(context, { path: 'v2/orders', query: { cart_id: cart, limit: 1 } });
  return 'failure' in found ? found : { order: found.rows[0] };
}

function orderKey(order: JsonObject, by: RowQuery['by']): RowKey {
  const at = timeOf(order, by === 'changed' ? 'date_modified' : 'date_created');
  return { id: must(idOf(order, 'id'), 'id'), at: must(at, 'time') };
}

function spansOf(context: Context): ReadSpan {
  return ({ by, since, until, page, limit }) => {
    const sort = by === 'changed' ? 'date_modified:asc' : 'date_created:asc';
    return list(context, {
      path: 'v2/orders',
      query: { ...within(by, since, until), ...INCLUDE, sort, page, limit },
    });
  };
}

function within(by: RowQuery['by'], since?: string, until?: string): Readonly<Record<string, string>> {
  const field = by === 'changed' ? 'date_modified' : 'date_created';
  return {
    ...(since === undefined ? {} : { [`min_${field}`]: since }),
    ...(until === undefined ? {} : { [`max_${field}`]: until }),
  };
}

function bareRow(order: JsonObject): OrderRow {
  return { order, coupons: [], shipments: [], refunds: [] };
}

/** Orders with their coupons, shipments, refunds and channels: only what the order indicates is read. */
async function withParts(
  bare: readonly OrderRow[],
  context: Context,
): Promise<readonly OrderRow[] | ShopFailure> {
  const found = bare.map(({ order }) => order);
  const refunds = await refundsOf(
    found.flatMap((order) => idOf(order, 'id') ?? []),
    context,
  );
  if ('failure' in refunds) return refunds;
  const refundsById = new Map<string | undefined, JsonObject[]>();
  for (const refund of refunds.rows) {
    const id = idOf(refund, 'order_id');
    refundsById.set(id, [...(refundsById.get(id) ?? []), refund]);
  }
  const channels = await channelsOf(found, context);
  const rows = await Promise.all(
    bare.map((one): OrderRow | Promise<OrderRow | ShopFailure> => {
      const { order } = one;
      const id = idOf(order, 'id');
      // Unreadable, which shows when its position is read.
      if (id === undefined) return one;
      const channel = channels.get(idOf(order, 'channel_id'));
      const row = {
        ...one,
        refunds: refundsById.get(id) ?? [],
        ...(channel === undefined ? {} : { channel }),
      };
      return hasCoupons(order) || wasShipped(order) ? withCalls(id, row, context) : row;
    }),
  );
  const failed = rows.find((row) => 'failure' in row);
  return failed !== undefined ? (failed as ShopFailure) : (rows as readonly OrderRow[]);
}

/** The channels of orders, each read once. */
async function channelsOf(found: readonly JsonObject[], context: Context) {
  const ids = [...new Set(found.map((order) => idOf(order, 'channel_id')))];
  return new Map(await Promise.all(ids.map(async (id) => [id, await channelOf(context, id)] as const)));
}

/** An order with its coupons and shipments, with a call each. */
async function withCalls(id: string, row: OrderRow, context: Context): Promise<OrderRow | ShopFailure> {
  const coupons = await partOf(hasCoupons(row.order), `v2/orders/${id}/coupons`, context);
  if ('failure' in coupons) return coupons;
  const shipments = await partOf(wasShipped(row.order), `v2/orders/${id}/shipments`, context);
  if ('failure' in shipments) return shipments;
  return { ...row, coupons: coupons.rows, shipments: shipments.rows };
}

function hasCoupons(order: JsonObject): boolean {
  return (numberOf(order, 'coupon_discount') ?? 0) > 0;
}

function wasShipped(order: JsonObject): boolean {
  return (numberOf(order, 'items_shipped') ?? 0) > 0 || SHIPPED.has(textOf(order, 'status_id'));
}

/** Shipped, partially shipped, completed. */
const SHIPPED = new Set<string | undefined>(['2', '3', '10']);

async function partOf(wanted: boolean, path: string, context: Context) {
  return wanted ? list(context, { path, query: { limit: PAGE } }) : { rows: [] };
}

/** The refunds of orders: `refunded_amount` of an order is always 0. */
async function refundsOf(
  ids: readonly string[],
  context: Context,
): Promise<{ readonly rows: readonly JsonObject[] } | ShopFailure> {
  const rows: JsonObject[] = [];
  if (ids.length === 0) return { rows };
  for (let page = 1; ; page++) {
    const query = { 'order_id:in': ids.join(','), page, limit: PAGE };
    const found = await list(context, { path: 'v3/orders/payment_actions/refunds', query });
    if ('failure' in found) return found;
    rows.push(...found.rows);
    if (found.rows.length < PAGE) return { rows };
  }
}
