import type { ShopFailure, ShopStream } from '@waybill/core';
import { call, dataOf } from '../api.ts';
import { channelOf } from '../lookups.ts';
import { idOf, must, textOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { cartState, orderedCartState } from '../states/cart.ts';
import { orderOfCart } from './orders.ts';
import type { CartRow } from '../rows.ts';

const shared = {
  kinds: ['cart'],
  pageSize: 1,
  keyOf: (row: CartRow) =>
    'ordered' in row
      ? { id: row.ordered.cart, at: must(timeOf(row.ordered.order, 'date_created'), 'time') }
      : { id: must(textOf(row.cart, 'id'), 'id'), at: must(timeOf(row.cart, 'updated_time'), 'time') },
  states: (row: CartRow, { settings }: Pick<Context, 'settings'>) => [
    'ordered' in row ? orderedCartState(row.ordered.cart, row.ordered.order) : cartState(row, settings),
  ],
} as const;

/** Carts by ID: BigCommerce has no list of them. */
export const carts: ShopStream<Settings, CartRow> = {
  title: 'Carts',
  description: 'Carts that a webhook reports, with their checkout.',
  ...shared,
  async get(id, context) {
    const row = await cartById(id, context);
    return row === 'gone' || 'failure' in row ? row : { row };
  },
};

/** Carts that BigCommerce reports as abandoned, by the token in its webhook. */
export const abandonedCarts: ShopStream<Settings, CartRow> = {
  title: 'Abandoned carts',
  description: 'Carts that BigCommerce reports as abandoned, after an hour without a change.',
  ...shared,
  async get(token, context) {
    const got = await call(context, { path: `v3/abandoned-carts/${encodeURIComponent(token)}` });
    if ('failure' in got) return got;
    const id = 'missing' in got ? undefined : textOf(dataOf(got.body), 'cart_id');
    const row = id === undefined ? 'gone' : await cartById(id, context);
    if (row === 'gone' || 'failure' in row) return row;
    return { row: 'ordered' in row ? row : { ...row, isAbandoned: true } };
  },
};

async function cartById(id: string, context: Context): Promise<CartRow | 'gone' | ShopFailure> {
  const path = encodeURIComponent(id);
  const got = await call(context, { path: `v3/carts/${path}` });
  if ('failure' in got) return got;
  if ('missing' in got) {
    const found = await orderOfCart(id, context);
    if ('failure' in found) return found;
    return found.order === undefined ? 'gone' : { ordered: { cart: id, order: found.order } };
  }
  const cart = dataOf(got.body);
  const checkout = await call(context, { path: `v3/checkouts/${path}` });
  if ('failure' in checkout && checkout.failure.status === 'retry') return checkout;
  const channel = await channelOf(context, idOf(cart, 'channel_id'));
  return {
    cart,
    ...('body' in checkout ? { checkout: dataOf(checkout.body) } : {}),
    ...(channel === undefined ? {} : { channel }),
  };
}
