import type { ShopFailure, ShopStream } from '@waybill/core';
import { rowsOf } from '../api.ts';
import type { JsonObject } from '../../read.ts';
import { list, text } from '../json.ts';
import { orderStates, type OwnedRow } from '../states/order.ts';
import { owned } from './owned.ts';
import { countOf, expanded, keyOf, pageOf, rowOf } from './paging.ts';
import type { Context, Settings } from '../settings.ts';
import { ORDER_EXPAND } from './streams.ts';

/** A payment with its orders: none while it belongs to a cart, or has no ID. */
interface PaymentRow {
  readonly payment: JsonObject;
  readonly orders: readonly OwnedRow[];
}

/** Payments by time of change: a refund does not change the order, so its order is read with it. */
export const payments: ShopStream<Settings, PaymentRow> = {
  title: 'Payments',
  description: 'Orders whose payments have changed, for example by a refund.',
  kinds: ['order'],
  every: 60,
  overlap: 300,
  pageSize: 50,
  async page(query, context) {
    const found = await pageOf({ path: 'payments' }, query, context);
    if ('failure' in found) return found;
    const joined = await withOrders(found.rows, context);
    return 'failure' in joined ? joined : { ...found, rows: joined.rows };
  },
  async get(id, context) {
    const found = await rowOf({ path: 'payments' }, id, context);
    if (found === 'gone' || 'failure' in found) return found;
    const joined = await withOrders([found.row], context);
    return 'failure' in joined ? joined : { row: joined.rows[0]! };
  },
  count: (span, context) => countOf('payments', span, context),
  keyOf: ({ payment }, by) => keyOf(payment, by),
  states: ({ orders }, { settings }) => orders.flatMap((order) => orderStates(order, settings)),
};

async function withOrders(
  rows: readonly JsonObject[],
  context: Context,
): Promise<{ readonly rows: readonly PaymentRow[] } | ShopFailure> {
  const orders = await ordersOf(
    rows.flatMap((row) => text(row, 'id') ?? []),
    context,
  );
  if ('failure' in orders) return orders;
  const isOf = ({ row }: OwnedRow, id: string | undefined): boolean =>
    id !== undefined && list(row, 'paymentInfo', 'payments').some((one) => text(one, 'id') === id);
  return {
    rows: rows.map((payment) => ({
      // Data of the payment provider, such as interface interactions, stays in the shop.
      payment: {
        id: payment['id'],
        createdAt: payment['createdAt'],
        lastModifiedAt: payment['lastModifiedAt'],
      },
      orders: orders.rows.filter((order) => isOf(order, text(payment, 'id'))),
    })),
  };
}

/** Returns the orders with these payments. */
async function ordersOf(
  payments: readonly string[],
  context: Context,
): Promise<{ readonly rows: readonly OwnedRow[] } | ShopFailure> {
  if (payments.length === 0) return { rows: [] };
  const query = [
    ['where', 'paymentInfo(payments(id in :ids))'],
    ...payments.map((id) => ['var.ids', id] as const),
    ['limit', '500'],
    ['withTotal', 'false'],
    ...expanded(ORDER_EXPAND),
  ] as const;
  const found = await rowsOf(context, { path: 'orders', query });
  return 'failure' in found ? found : owned(found.rows, context);
}
