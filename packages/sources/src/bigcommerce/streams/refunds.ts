import type { RowKey, ShopStream } from '@waybill/core';
import { list } from '../api.ts';
import { pageInTime } from '../paging.ts';
import { idOf, type JsonObject, must, timeOf } from '../../read.ts';
import type { Settings } from '../settings.ts';
import { orderState } from '../states/order.ts';
import type { OrderRow } from '../rows.ts';
import { orderById } from './orders.ts';

/** A refund with its order; without one when the order was deleted, or the refund has none. */
interface RefundRow {
  readonly refund: JsonObject;
  readonly order?: OrderRow;
}

/** Refunds by creation time: each includes its order, because a refund may not change the order. */
export const refunds: ShopStream<Settings, RefundRow> = {
  title: 'Refunds',
  description: 'Refunds, each with its order.',
  kinds: ['order'],
  every: 60,
  overlap: 900,
  pageSize: 50,
  async page(query, context) {
    const found = await pageInTime(query, ({ since, until, page, limit }) =>
      list(context, {
        path: 'v3/orders/payment_actions/refunds',
        query: {
          ...(since === undefined ? {} : { 'created:min': since }),
          ...(until === undefined ? {} : { 'created:max': until }),
          page,
          limit,
        },
      }),
    );
    if ('failure' in found) return found;
    const rows: RefundRow[] = [];
    const known = new Map<string, OrderRow | 'gone'>();
    for (const refund of found.rows) {
      const id = idOf(refund, 'order_id');
      const order = id === undefined ? 'gone' : (known.get(id) ?? (await orderById(id, context)));
      if (order !== 'gone' && 'failure' in order) return order;
      if (id !== undefined) known.set(id, order);
      rows.push({ refund, ...(order === 'gone' ? {} : { order }) });
    }
    return { ...found, rows };
  },
  keyOf: ({ refund }) => refundKey(refund),
  states({ refund, order }) {
    must(idOf(refund, 'order_id'), 'order_id');
    return order === undefined ? [] : [orderState(order)];
  },
};

/** The position of a refund: it never changes, so it has one time. */
function refundKey(refund: JsonObject): RowKey {
  return { id: must(idOf(refund, 'id'), 'id'), at: must(timeOf(refund, 'created'), 'time') };
}
