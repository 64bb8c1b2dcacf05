import { minorOf, type OrderState, type RowQuery, type ShopState, type ShopStream } from '@waybill/core';
import { count, readPage, readRow } from './client.ts';
import type { Context } from './settings.ts';

/** An order as the shop returns it. */
export interface Order {
  readonly id: number;
  readonly status: 'waiting' | 'paid' | 'cancelled';
  readonly created: string;
  readonly changed: string;
  readonly customer?: { readonly id?: number; readonly email?: string; readonly name?: string };
  readonly currency: string;
  /** `"12.50"`. */
  readonly total: string;
  readonly items: readonly {
    readonly product: string;
    readonly name: string;
    readonly quantity: number;
    readonly price: string;
  }[];
  readonly refunds?: readonly { readonly id: number; readonly at: string; readonly amount: string }[];
}

/** Reads orders. */
export const orders: ShopStream<Context['settings'], Order> = {
  title: 'Orders',
  description: 'Every order, with its refunds.',
  kinds: ['order'],
  every: 60,
  // Some changes do not update the time of an order: recent orders are read again daily.
  sweep: { every: 86_400, days: 7 },
  pageSize: 100,
  page: (query: RowQuery, context) => readPage<Order>('orders', query, context),
  get: (id, context) => readRow<Order>(`orders/${encodeURIComponent(id)}`, context),
  count: (query, context) => count('orders', query, context),
  keyOf: ({ id, created, changed }, by) => ({ id: String(id), at: by === 'changed' ? changed : created }),
  states: (row): readonly ShopState[] => [{ kind: 'order', ...stateOf(row) }],
};

function stateOf(order: Order): OrderState {
  const { id, status, created, changed, customer, currency, items, refunds = [] } = order;
  // Money is in minor units of the currency, so that fractions lose nothing.
  const money = (amount: string): number => {
    const minor = minorOf(amount, currency);
    if (minor === undefined) throw new Error(`"${amount}" is not an amount.`);
    return minor;
  };
  return {
    id: String(id),
    status: status === 'cancelled' ? 'cancelled' : status === 'paid' ? 'placed' : 'open',
    shopStatus: status,
    ...(status === 'waiting' ? {} : { placedAt: created }),
    updatedAt: changed,
    customer: {
      ...(customer?.id === undefined ? {} : { id: String(customer.id) }),
      ...(customer?.email === undefined ? {} : { email: customer.email }),
    },
    currency,
    total: money(order.total),
    lines: items.map(({ product, name, quantity, price }) => ({
      productId: product,
      name,
      quantity,
      price: money(price),
    })),
    refunds: refunds.map(({ id: refund, at, amount }) => ({ id: String(refund), at, amount: money(amount) })),
  };
}
