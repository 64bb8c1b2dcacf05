import type { OrderBack, OrdersBack } from '@waybill/core';

import type { JsonObject } from '../http/json.ts';
import { exportRows } from './api/export.ts';
import type { Settings } from './settings.ts';

/** The exports: purchases contain orders, refunds are custom events. */
const EXPORTS = { orders: 'purchase', refunds: 'customEvent' } as const;

const FIELDS = {
  orders: ['id', 'total', 'createdAt', 'order_id', 'currency', 'store'],
  refunds: ['eventName', 'createdAt', 'orderId', 'order_id', 'refund_id', 'amount', 'currency'],
} as const;

/** How orders are read back from Iterable: by exports. The currency is a data field. */
export const orders: OrdersBack<Settings> = {
  records({ action, mapping }) {
    if (action === 'trackPurchase') return 'order';
    if (action !== 'trackRefund') return undefined;
    return mapping['mode'] === 'purchase' ? 'order' : 'refund';
  },
  async read(what, period, context) {
    const query = { dataTypeName: EXPORTS[what], ...period, onlyFields: FIELDS[what] };
    const exported = await exportRows(query, context);
    if ('failure' in exported) return exported;
    const rowOf = what === 'orders' ? orderOf : refundOf;
    return { rows: exported.rows.flatMap((row) => rowOf(row) ?? []) };
  },
};

function orderOf(row: JsonObject): OrderBack | undefined {
  const key = textOf(row['id']);
  const order = textOf(row['order_id']) ?? key;
  const { total } = row;
  if (order === undefined || typeof total !== 'number') return undefined;
  return { order, key: key ?? order, amount: total, ...rest(row) };
}

/** A custom event with an order and an amount is a refund, whatever its name. */
function refundOf(row: JsonObject): OrderBack | undefined {
  const order = textOf(row['orderId']);
  const { amount } = row;
  if (order === undefined || typeof amount !== 'number') return undefined;
  const key = textOf(row['refund_id']) ?? `${textOf(row['createdAt']) ?? ''} ${amount}`;
  return { order, key, amount, ...rest(row) };
}

function rest({ currency, store, createdAt }: JsonObject): Pick<OrderBack, 'currency' | 'store' | 'at'> {
  const named = { currency: textOf(currency), store: textOf(store) };
  const at = Date.parse((textOf(createdAt) ?? '').replace(/^(\S+) (\S+) \+00:00$/, '$1T$2Z'));
  return {
    ...(named.currency === undefined ? {} : { currency: named.currency }),
    ...(named.store === undefined ? {} : { store: named.store }),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}

function textOf(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}
