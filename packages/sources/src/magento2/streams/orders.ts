import type { ShopFailure, ShopStream } from '@waybill/core';

import { readOrGone } from '../client.ts';
import { isRecord, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, numberOf, textOf } from '../json.ts';
import { keyOf } from './key.ts';
import { type OrderRow, orderStates } from '../states/order.ts';
import { isFailure } from '../../remember.ts';
import { countIn, pageIn } from './scope.ts';
import { searchIn } from '../search.ts';
import type { Context, Settings } from '../settings.ts';
import { storesOf } from '../stores.ts';

const ADDRESS = 'firstname,lastname,company,street,city,region,postcode,country_id,telephone,email';
const ITEM =
  'item_id,parent_item_id,product_id,product_type,sku,name,qty_ordered,qty_shipped,qty_refunded,price,row_total,discount_amount,tax_amount,discount_tax_compensation_amount';
const ORDER =
  'entity_id,increment_id,quote_id,state,status,hold_before_state,created_at,updated_at,store_id,customer_id,customer_is_guest,customer_email,customer_firstname,customer_lastname,coupon_code,order_currency_code,base_currency_code,base_grand_total,grand_total,subtotal,discount_amount,discount_tax_compensation_amount,shipping_amount,shipping_discount_amount,shipping_discount_tax_compensation_amount,tax_amount,total_paid,total_invoiced,total_refunded,shipping_description,relation_parent_id,relation_child_id';
const MEMO =
  'entity_id,order_id,state,created_at,updated_at,grand_total,shipping_amount,tax_amount,items[order_item_id,qty,row_total,discount_amount,discount_tax_compensation_amount]';
const SHIPMENT =
  'entity_id,order_id,created_at,updated_at,items[order_item_id,qty],tracks[track_number,title,carrier_code,created_at,updated_at]';

/** The requested members of an order: of its payment only the method, and no IP address. */
function fieldsOf({ orderAttributes = [] }: Settings): string {
  const own = orderAttributes.filter((name) => /^\w+$/.test(name)).map((name) => `,${name}`);
  const shipping = `extension_attributes[shipping_assignments[shipping[address[${ADDRESS}]]]${own.join('')}]`;
  return `${ORDER},items[${ITEM}],billing_address[${ADDRESS}],payment[method],status_histories[status,created_at],${shipping}`;
}

/** Orders with their credit memos and shipments: read if the order indicates them. */
async function joined(
  context: Context,
  orders: readonly JsonObject[],
): Promise<readonly OrderRow[] | ShopFailure> {
  const idsOf = (rows: readonly JsonObject[]) => rows.flatMap((row) => idOf(row['entity_id']) ?? []);
  const [memos, shipments, stores] = await Promise.all([
    searchIn(
      context,
      { path: 'creditmemos', fields: MEMO, field: 'order_id' },
      idsOf(orders.filter(isRefunded)),
    ),
    searchIn(
      context,
      { path: 'shipments', fields: SHIPMENT, field: 'order_id' },
      idsOf(orders.filter(isShipped)),
    ),
    storesOf(context),
  ]);
  if (isFailure(memos)) return memos;
  if (isFailure(shipments)) return shipments;
  if (isFailure(stores)) return stores;
  const of = (rows: readonly JsonObject[], order: JsonObject): readonly JsonObject[] =>
    rows
      .filter((row) => textOf(row['order_id']) === textOf(order['entity_id']))
      .sort((a, b) => (numberOf(a['entity_id']) ?? 0) - (numberOf(b['entity_id']) ?? 0));
  return orders.map((order) => ({
    order,
    creditmemos: of(memos, order),
    shipments: of(shipments, order),
    view: stores.views[idOf(order['store_id']) ?? ''],
  }));
}

const counts = (order: JsonObject, name: string): boolean =>
  objectsOf(order['items']).some((item) => (numberOf(item[name]) ?? 0) > 0);
const isShipped = (order: JsonObject): boolean => counts(order, 'qty_shipped');
const isRefunded = (order: JsonObject): boolean =>
  counts(order, 'qty_refunded') || (numberOf(order['total_refunded']) ?? 0) > 0;

/** Orders, polled by time of change. */
export const orders: ShopStream<Settings, OrderRow> = {
  title: 'Orders',
  description: 'Orders with their lines, credit memos, shipments and tracking numbers.',
  kinds: ['order'],
  every: 60,
  overlap: 900,
  sweep: { every: 86_400, days: 14 },
  pageSize: 100,
  async page(query, context) {
    const found = await pageIn(context, { path: 'orders', fields: fieldsOf(context.settings) }, query);
    if (isFailure(found)) return found;
    const rows = await joined(context, found.rows);
    return isFailure(rows) ? rows : { rows, more: found.more };
  },
  async get(id, context) {
    const answer = await readOrGone(context, `orders/${encodeURIComponent(id)}`, {
      fields: fieldsOf(context.settings),
    });
    if (answer === 'gone' || isFailure(answer)) return answer;
    if (!isRecord(answer.body)) return 'gone';
    const rows = await joined(context, [answer.body]);
    return isFailure(rows) ? rows : { row: rows[0]! };
  },
  count: (query, context) => countIn(context, 'orders', query),
  keyOf: ({ order }, by) => keyOf(order, by),
  states: (row, { settings }) => orderStates(row, settings),
};

/** The order of a shipment, at the position of the shipment. */
interface ShipmentRow {
  readonly shipment: JsonObject;
  /** Absent when the order was deleted. */
  readonly order?: OrderRow | undefined;
}

/**
 * Shipments of the last days, read again every quarter of an hour: a later tracking number updates the time of neither the
 * shipment nor the order.
 */
export const shipments: ShopStream<Settings, ShipmentRow> = {
  title: 'Shipments',
  description: 'Orders of the last two weeks with shipments, for tracking numbers that are added later.',
  kinds: ['order'],
  sweep: { every: 900, days: 14 },
  pageSize: 100,
  async page(query, context) {
    const place = { path: 'shipments', fields: 'entity_id,order_id,created_at,updated_at' };
    const found = await pageIn(context, place, query);
    if (isFailure(found)) return found;
    const ids = [...new Set(found.rows.flatMap((row) => idOf(row['order_id']) ?? []))];
    const fields = fieldsOf(context.settings);
    const read = await searchIn(context, { path: 'orders', fields, field: 'entity_id' }, ids);
    if (isFailure(read)) return read;
    const all = await joined(context, read);
    if (isFailure(all)) return all;
    const rows = found.rows.map((shipment) => ({
      shipment,
      order: all.find(({ order }) => textOf(order['entity_id']) === textOf(shipment['order_id'])),
    }));
    return { rows, more: found.more };
  },
  count: (query, context) => countIn(context, 'shipments', query),
  keyOf: ({ shipment }, by) => keyOf(shipment, by),
  states: ({ order }, { settings }) => (order === undefined ? [] : orderStates(order, settings)),
};
