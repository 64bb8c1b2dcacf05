import type { ShopStream } from '@waybill/core';
import { call } from '../api.ts';
import { type JsonObject, must, recordOf, textOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { type CartRow, cartStates } from '../states/cart.ts';

const EXPAND =
  'billing,checkout,coupons,customer_profile,items,items.multimedia,marketing,shipping,summary,taxes,utms';
/** The maximum number of remembered abandoned carts. */
const MOST = 1_000;
const NAME = 'abandoned carts';

/** Carts that UltraCart reports as abandoned: there is no list of carts, and no earlier notification. */
export const carts: ShopStream<Settings, CartRow> = {
  title: 'Abandoned carts',
  description: 'Abandoned carts, only by webhook.',
  kinds: ['cart', 'consent'],
  pageSize: 1,
  async get(id, context) {
    const path = `checkout/cart/${encodeURIComponent(id)}`;
    const got = await call(context, { path, query: { _expand: EXPAND } });
    if ('failure' in got) return got;
    const cart = 'missing' in got ? {} : recordOf(got.body, 'cart');
    // A cart that became an order starts over under the same ID.
    if (textOf(cart, 'cart_id') === undefined) return 'gone';
    return { row: { cart, abandonedAt: abandonedAt(id, cart, context) } };
  },
  keyOf: ({ cart, abandonedAt: at }) => ({ id: must(textOf(cart, 'cart_id'), 'cart_id'), at }),
  states: (row, { settings }) => cartStates(row, settings),
};

/** When a cart was first reported in this state: a repeated batch is not a change. */
function abandonedAt(id: string, { items }: JsonObject, { memory, now }: Context): string {
  const known =
    (memory.get(NAME) as Map<string, { readonly items: string; readonly at: string }>) ?? new Map();
  memory.set(NAME, known);
  const contents = JSON.stringify(items ?? []);
  const last = known.get(id);
  if (last?.items === contents) return last.at;
  const at = new Date(now()).toISOString();
  known.delete(id);
  known.set(id, { items: contents, at });
  if (known.size > MOST) known.delete(known.keys().next().value!);
  return at;
}
