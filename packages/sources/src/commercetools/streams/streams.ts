import type { RowQuery, ShopFailure, ShopStream } from '@waybill/core';
import { cartStates } from '../states/cart.ts';
import { type CustomerRow, customerStates } from '../states/customer.ts';
import type { JsonObject } from '../../read.ts';
import { list, text } from '../json.ts';
import { orderStates, type OwnedRow } from '../states/order.ts';
import { owned } from './owned.ts';
import { countOf, keyOf, type List, pageOf, rowOf } from './paging.ts';
import { productStates, reviewStates } from '../states/product.ts';
import type { Context, Settings } from '../settings.ts';
import { storesOf } from '../stores.ts';
import { subscriptionStates } from '../states/subscription.ts';

type Read<Row> = Pick<Required<ShopStream<Settings, Row>>, 'page' | 'get' | 'count' | 'keyOf' | 'overlap'>;
/** Adds related data to rows. */
type Join<Row> = (
  rows: readonly JsonObject[],
  context: Context,
) => Promise<{ readonly rows: readonly Row[] } | ShopFailure>;

/** The options of all lists. Writes become visible in queries with a delay: five minutes are read again. */
function reading<Row>(
  list: (context: Context) => List,
  join: Join<Row>,
  rowIn: (row: Row) => JsonObject,
): Read<Row> {
  return {
    overlap: 300,
    async page(query: RowQuery, context: Context) {
      const found = await pageOf(list(context), query, context);
      if ('failure' in found) return found;
      const joined = await join(found.rows, context);
      return 'failure' in joined ? joined : { ...found, rows: joined.rows };
    },
    async get(id: string, context: Context) {
      const found = await rowOf(list(context), id, context);
      if (found === 'gone' || 'failure' in found) return found;
      const joined = await join([found.row], context);
      return 'failure' in joined ? joined : { row: joined.rows[0]! };
    },
    count: (span, context) => countOf(list(context).path, span, context),
    keyOf: (row, by) => keyOf(rowIn(row), by),
  };
}

const ownedReading = (path: string, expand: readonly string[]): Read<OwnedRow> =>
  reading(
    () => ({ path, expand }),
    owned,
    ({ row }) => row,
  );
const asTheyAre: Join<JsonObject> = (rows) => Promise.resolve({ rows });
const CODES = 'discountCodes[*].discountCode';
const DAY = 86_400;

/** The expansions of orders: payments contain refunds, codes would only be IDs. */
export const ORDER_EXPAND = ['paymentInfo.payments[*]', CODES];

/** Orders by time of change. */
export const orders: ShopStream<Settings, OwnedRow> = {
  title: 'Orders',
  description: 'Orders with their payments, deliveries and returns.',
  kinds: ['order'],
  every: 60,
  sweep: { every: DAY, days: 7 },
  pageSize: 100,
  ...ownedReading('orders', ORDER_EXPAND),
  states: (row, { settings }) => orderStates(row, settings),
};

/** Carts by time of change: changes of carts create no messages. */
export const carts: ShopStream<Settings, OwnedRow> = {
  title: 'Carts',
  description: 'Carts of customers and visitors.',
  kinds: ['cart'],
  every: 60,
  pageSize: 100,
  ...ownedReading('carts', [CODES]),
  states: (row, { settings }) => cartStates(row, settings),
};

/** Recurring orders by time of change. */
export const subscriptions: ShopStream<Settings, OwnedRow> = {
  title: 'Recurring Orders',
  description: 'Recurring orders with their contents.',
  kinds: ['subscription'],
  every: 300,
  pageSize: 100,
  ...ownedReading('recurring-orders', ['cart', 'customer']),
  states: (row, { settings }) => subscriptionStates(row, settings),
};

/** Customers by time of change. */
export const customers: ShopStream<Settings, CustomerRow> = {
  title: 'Customers',
  description: 'Customers with an account, with address, group and consent.',
  kinds: ['customer', 'consent'],
  every: 60,
  sweep: { every: DAY, days: 7 },
  pageSize: 250,
  ...reading<CustomerRow>(
    () => ({ path: 'customers', expand: ['customerGroup'] }),
    withStores,
    ({ customer }) => customer,
  ),
  states: (row, { settings }) => customerStates(row, settings),
};

async function withStores(
  rows: readonly JsonObject[],
  context: Context,
): Promise<{ readonly rows: readonly CustomerRow[] } | ShopFailure> {
  const keyIn = (row: JsonObject): string => text(list(row, 'stores')[0], 'key') ?? '';
  const stores = rows.some((row) => keyIn(row) !== '')
    ? await storesOf(context)
    : new Map<string, JsonObject>();
  if ('failure' in stores) return stores;
  return {
    rows: rows.map(({ password: _password, ...customer }) => {
      const store = stores.get(keyIn(customer));
      return { customer, ...(store === undefined ? {} : { store }) };
    }),
  };
}

/** Published products by time of change; separate stock and prices change without the product. */
export const products: ShopStream<Settings, JsonObject> = {
  title: 'Products',
  description: 'Published products with variants, categories, images and stock.',
  kinds: ['product'],
  every: 300,
  sweep: { every: DAY, days: 3_650 },
  pageSize: 50,
  ...reading<JsonObject>(
    ({ settings: { priceCurrency, priceCountry } }) => ({
      path: 'product-projections',
      expand: ['categories[*]', 'categories[*].ancestors[*]'],
      query: [
        ['staged', 'false'],
        ...(priceCurrency === undefined ? [] : [['priceCurrency', priceCurrency] as const]),
        ...(priceCurrency === undefined || priceCountry === undefined
          ? []
          : [['priceCountry', priceCountry] as const]),
      ],
    }),
    asTheyAre,
    (row) => row,
  ),
  states: (row, { settings }) => productStates(row, settings),
};

/** Reviews by time of change. */
export const reviews: ShopStream<Settings, JsonObject> = {
  title: 'Reviews',
  description: 'Reviews of products.',
  kinds: ['review'],
  every: 300,
  pageSize: 100,
  ...reading<JsonObject>(
    () => ({ path: 'reviews', expand: ['customer'] }),
    asTheyAre,
    (row) => row,
  ),
  states: (row) => reviewStates(row),
};
