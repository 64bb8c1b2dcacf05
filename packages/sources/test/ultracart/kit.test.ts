import { describe, it } from 'vitest';
import { shopTests } from '@waybill/testing';
import { autoOrder, cart, customer, item, order, rebill, review } from './rows.ts';
import { NOW, SETTINGS, ultracart } from './shop.ts';

type Row = Readonly<Record<string, unknown>>;

/** Five rows, two of them of one time. */
function five(row: Row, id: string): readonly Row[] {
  return ['1', '2', '2', '3', '4'].map((second, index) => {
    const at = `2026-03-03T21:00:0${second}Z`;
    const times = { creation_dts: at, refund_dts: at, signup_dts: at, last_modified_dts: at };
    const payment = { payment_dts: at };
    const shipping = { shipping_date: at };
    return { ...row, [id]: `${index + 1}`, ...times, payment, shipping };
  });
}

const orders = five(order, 'order_id');
const autoOrders = five(autoOrder, 'auto_order_oid').map((one, index) => ({
  ...one,
  original_order_id: `${index + 1}`,
  items: [],
  rebill_orders: [],
}));
const LISTS: Readonly<Record<string, readonly [string, readonly Row[]]>> = {
  'order/orders/query': ['orders', orders],
  'customer/customers': ['customers', five(customer, 'customer_profile_oid')],
  'auto_order/auto_orders': ['auto_orders', autoOrders],
  'item/items': ['items', five({ ...item, reviews: { review_count: 0 } }, 'merchant_item_id')],
};

shopTests(
  ultracart,
  { describe, it },
  {
    settings: SETTINGS,
    clock: { now: () => NOW },
    answers: ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      const path = pathname.replace('/rest/v2/', '');
      if (path === 'order/orders/batch') return { json: { success: true, orders } };
      const [name, rows] = LISTS[path]!;
      const from = Number(searchParams.get('_offset') ?? 0);
      return { json: { success: true, [name]: rows.slice(from, from + Number(searchParams.get('_limit'))) } };
    },
    // A login authenticates the caller, not the body.
    signsBody: false,
    rows: {
      orders: [order],
      payments: [order],
      shipments: [rebill],
      refunds: [rebill],
      customers: [customer],
      autoOrders: [{ autoOrder, order }],
      products: [{ item, readAt: NOW }],
      reviews: [{ item, reviews: [review] }],
      carts: [{ cart, abandonedAt: '2026-02-01T00:00:00.000Z' }],
    },
    webhook: {
      body: JSON.stringify({ events: [{ order_create: { order_id: order.order_id } }] }),
      headers: {
        authorization: `Basic ${Buffer.from(`waybill:${SETTINGS.webhookPassword}`).toString('base64')}`,
      },
    },
  },
);
