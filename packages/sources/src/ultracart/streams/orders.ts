import type { RowKey, RowQuery, ShopStream } from '@waybill/core';
import { list } from '../api.ts';
import { orderOf } from '../order-batch.ts';
import { idOf, type JsonObject, must, recordOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { orderStates } from '../states/order.ts';
import { ORDER_EXPAND } from '../expand.ts';

const DAY = 86_400;
/** Seconds between two polls: four lists per minute would use more than half of the daily calls. */
const EVERY = 180;
/** Seconds that are read again: UltraCart has a resolution of seconds, and its own clock. */
const OVERLAP = 3_600;

/** A time of an order that can be searched for: UltraCart cannot search by time of change. */
interface Moment {
  /** Its name in the query: `refund_date`, with `_begin` or `_end`. */
  readonly filter: string;
  /** The member to sort by. */
  readonly sort: string;
  readonly of: (order: JsonObject) => string | undefined;
}

const CREATED: Moment = {
  filter: 'creation_date',
  sort: 'creation_dts',
  of: (order) => timeOf(order, 'creation_dts'),
};
const PAID: Moment = {
  filter: 'payment_date',
  sort: 'payment.payment_dts',
  of: (order) => timeOf(recordOf(order, 'payment'), 'payment_dts'),
};
const SHIPPED: Moment = {
  filter: 'shipped_on_date',
  sort: 'shipping.shipping_date',
  of: (order) => timeOf(recordOf(order, 'shipping'), 'shipping_date'),
};
const REFUNDED: Moment = {
  filter: 'refund_date',
  sort: 'refund_dts',
  of: (order) => timeOf(order, 'refund_dts'),
};

function keyOf(order: JsonObject, { of }: Moment): RowKey {
  return { id: must(idOf(order, 'order_id'), 'order_id'), at: must(of(order), 'time') };
}

function query({ filter }: Moment, { since, until }: Pick<RowQuery, 'since' | 'until'>): JsonObject {
  return {
    // A query needs a filter.
    [`${filter}_begin`]: since ?? '2000-01-01T00:00:00Z',
    ...(until === undefined ? {} : { [`${filter}_end`]: until }),
    query_target: 'origin',
  };
}

/** Creates a list of orders by one of their times. */
function ordersBy(
  moment: Moment,
  about: Pick<ShopStream, 'title' | 'description'>,
): ShopStream<Settings, JsonObject> & Required<Pick<ShopStream<Settings, JsonObject>, 'page'>> {
  return {
    ...about,
    kinds: ['order', 'consent'],
    every: EVERY,
    overlap: OVERLAP,
    pageSize: 200,
    page: (asked, context) =>
      list(context, 'orders', {
        method: 'POST',
        path: 'order/orders/query',
        query: { _limit: asked.limit, _offset: asked.skip, _sort: moment.sort, _expand: ORDER_EXPAND },
        json: query(moment, asked),
      }),
    keyOf: (order) => keyOf(order, moment),
    states: (order, { settings }) => orderStates(order, settings),
  };
}

/** Orders by creation time. */
export const orders: ShopStream<Settings, JsonObject> = {
  ...ordersBy(CREATED, {
    title: 'Orders',
    description: 'Orders with their items, coupons, refunds and parcels, by when they were placed.',
  }),
  // Rejections and edits leave no searchable time.
  sweep: { every: DAY, days: 30 },
  get: orderOf,
  async count(span, context: Context) {
    const found = await list(context, 'orders', {
      method: 'POST',
      path: 'order/orders/query',
      query: { _limit: 1 },
      json: query(CREATED, span),
    });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
};

/** A list for changes only: a back-fill reads all orders by creation time. */
function changesBy(moment: Moment, about: Pick<ShopStream, 'title' | 'description'>) {
  const stream = ordersBy(moment, about);
  return {
    ...stream,
    page: async (asked, context) =>
      asked.by === 'created' ? { rows: [], more: false } : stream.page(asked, context),
  } satisfies ShopStream<Settings, JsonObject>;
}

/** Orders by time of payment, or of its failure. */
export const payments: ShopStream<Settings, JsonObject> = changesBy(PAID, {
  title: 'Payments',
  description: 'Orders by when they were paid.',
});

/** Orders by time of shipment. */
export const shipments: ShopStream<Settings, JsonObject> = changesBy(SHIPPED, {
  title: 'Shipments',
  description: 'Orders by when they were shipped.',
});

/** Orders by time of refund. */
export const refunds: ShopStream<Settings, JsonObject> = changesBy(REFUNDED, {
  title: 'Refunds',
  description: 'Orders by when they were refunded.',
});
