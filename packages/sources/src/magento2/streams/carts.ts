import type { ShopFailure, ShopStream } from '@waybill/core';

import { type CartRow, cartStates, emailOf } from '../states/cart.ts';
import { catalogOf } from '../catalog.ts';
import { readOrGone } from '../client.ts';
import { isRecord, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, memberOf, textOf } from '../json.ts';
import { keyOf } from './key.ts';
import { isFailure } from '../../remember.ts';
import { countIn, pageIn } from './scope.ts';
import type { Context, Settings } from '../settings.ts';
import { storesOf } from '../stores.ts';

const ADDRESS = 'firstname,lastname,company,street,city,region,postcode,country_id,telephone,email';
const CART = `id,created_at,updated_at,is_active,items[item_id,sku,qty,name,price,product_type],customer[id,email,firstname,lastname],billing_address[${ADDRESS}],reserved_order_id,currency[quote_currency_code,base_currency_code],store_id,extension_attributes[shipping_assignments[shipping[method]]]`;
/** Reads the totals of carts, with the chosen options. */
const TOTALS =
  'grand_total,subtotal,discount_amount,shipping_amount,shipping_discount_amount,tax_amount,coupon_code,items[item_id,price,row_total,discount_amount,tax_amount,tax_percent,options]';

/** Whether a cart can be reported: not for an anonymous visitor. */
function isTold(cart: JsonObject): boolean {
  return idOf(memberOf(cart['customer'], 'id')) !== undefined || emailOf(cart) !== undefined;
}

async function totalsOf(context: Context, cart: JsonObject): Promise<JsonObject | undefined | ShopFailure> {
  const id = idOf(cart['id']);
  if (id === undefined || cart['is_active'] !== true || !isTold(cart)) return undefined;
  if (objectsOf(cart['items']).length === 0) return undefined;
  const answer = await readOrGone(context, `carts/${id}/totals`, { fields: TOTALS });
  if (answer === 'gone') return undefined;
  if (isFailure(answer)) return answer;
  return isRecord(answer.body) ? answer.body : undefined;
}

/** Carts with totals, and the products of their items, which carts only identify by SKU. */
async function joined(
  context: Context,
  carts: readonly JsonObject[],
): Promise<readonly CartRow[] | ShopFailure> {
  const lines = carts.filter(isTold).flatMap((cart) => objectsOf(cart['items']));
  const stands = lines.filter((item) =>
    ['configurable', 'bundle'].includes(textOf(item['product_type']) ?? ''),
  );
  const [catalog, stores, totals] = await Promise.all([
    catalogOf(context, {
      skus: lines.map((item) => textOf(item['sku'])),
      names: stands.map((item) => textOf(item['name'])),
    }),
    storesOf(context),
    Promise.all(carts.map((cart) => totalsOf(context, cart))),
  ]);
  if (isFailure(catalog)) return catalog;
  if (isFailure(stores)) return stores;
  const failure = totals.find(isFailure);
  if (failure !== undefined) return failure;
  return carts.map((cart, at) => ({
    cart,
    totals: totals[at] as JsonObject | undefined,
    view: stores.views[idOf(cart['store_id']) ?? ''],
    catalog: Object.fromEntries(
      objectsOf(cart['items']).flatMap((item) =>
        [`sku ${textOf(item['sku'])}`, `name ${textOf(item['name'])}`].flatMap((key) => {
          const entry = catalog[key];
          return entry === undefined ? [] : [[key, entry]];
        }),
      ),
    ),
  }));
}

/** Carts, polled by time of change; each cart of a known person needs one more call for its totals. */
export const carts: ShopStream<Settings, CartRow> = {
  title: 'Carts',
  description: 'Carts of customers, and of guests who have entered their e-mail address in the checkout.',
  kinds: ['cart'],
  every: 60,
  overlap: 900,
  sweep: { every: 86_400, days: 2 },
  pageSize: 50,
  async page(query, context) {
    const found = await pageIn(context, { path: 'carts/search', fields: CART }, query);
    if (isFailure(found)) return found;
    const rows = await joined(context, found.rows);
    return isFailure(rows) ? rows : { rows, more: found.more };
  },
  async get(id, context) {
    const answer = await readOrGone(context, `carts/${encodeURIComponent(id)}`, { fields: CART });
    if (answer === 'gone' || isFailure(answer)) return answer;
    if (!isRecord(answer.body)) return 'gone';
    const rows = await joined(context, [answer.body]);
    return isFailure(rows) ? rows : { row: rows[0]! };
  },
  count: (query, context) => countIn(context, 'carts/search', query),
  keyOf: ({ cart }, by) => keyOf(cart, by, 'id'),
  states: (row) => cartStates(row),
};
