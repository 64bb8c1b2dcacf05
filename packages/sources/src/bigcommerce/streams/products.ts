import type { RowKey, RowPage, RowQuery, ShopFailure, ShopStream } from '@waybill/core';
import { call, dataOf, list } from '../api.ts';
import { brandNames, categoryPaths, channelOf, storeOf } from '../lookups.ts';
import { datesOf, pageInTime } from '../paging.ts';
import { eachOf, idOf, type JsonObject, must, textOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { productState, reviewState } from '../states/product.ts';
import type { ProductRow, ReviewedRow } from '../rows.ts';

const PATH = 'v3/catalog/products';
const INCLUDE = 'images,variants';
const DAY = 86_400;

/** Products by time of change. */
export const products: ShopStream<Settings, ProductRow> = {
  title: 'Products',
  description: 'Products with variants, categories, images and stock.',
  kinds: ['product'],
  every: 300,
  overlap: 900,
  pageSize: 100,
  async page(query, context) {
    const found = await productPage(query, context, { include: INCLUDE });
    if ('failure' in found) return found;
    return { ...found, rows: await Promise.all(found.rows.map((row) => named(row, context))) };
  },
  async get(id, context) {
    const path = `${PATH}/${encodeURIComponent(id)}`;
    const got = await call(context, { path, query: { include: INCLUDE } });
    if ('failure' in got) return got;
    return 'missing' in got ? 'gone' : { row: await named(dataOf(got.body), context) };
  },
  async count(span, context) {
    const query = span.by === 'changed' ? datesOf(span) : {};
    const found = await list(context, { path: PATH, query: { ...query, limit: 1 } });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
  keyOf: ({ product }, by) => productKey(product, by),
  states: (row, { settings }) => [productState(row, settings)],
};

/** Reviews of products: there is no list of all, so once a day those of each product with reviews are read. */
export const reviews: ShopStream<Settings, ReviewedRow> = {
  title: 'Reviews',
  description: 'Reviews of products, read once a day.',
  kinds: ['review'],
  sweep: { every: DAY, days: 3_650 },
  pageSize: 50,
  async page(query, context) {
    const fields = { include_fields: 'name,reviews_count,date_created,date_modified' };
    const found = await productPage(query, context, fields);
    if ('failure' in found) return found;
    const rows: ReviewedRow[] = [];
    for (const product of found.rows) {
      const reviews = await reviewsOf(product, context);
      if ('failure' in reviews) return reviews;
      rows.push({ product, reviews: reviews.rows });
    }
    return { ...found, rows };
  },
  keyOf: ({ product }, by) => productKey(product, by),
  states: (row) => reviewsIn(row).states,
  unreadable: (row) => reviewsIn(row).unreadable,
};

function reviewsIn({ product, reviews: given }: ReviewedRow): ReturnType<typeof eachOf> {
  return eachOf(given, (review) => reviewState(product, review));
}

async function reviewsOf(product: JsonObject, context: Context) {
  const id = idOf(product, 'id');
  if (id === undefined || (textOf(product, 'reviews_count') ?? '0') === '0') return { rows: [] };
  const path = `${PATH}/${id}/reviews`;
  return list(context, { path, query: { limit: 250 } });
}

/**
 * A page of products. The API cannot filter by creation time: they are read by ID, which is the same order, and others are
 * skipped.
 */
async function productPage(
  query: RowQuery,
  context: Context,
  more: Readonly<Record<string, string>>,
): Promise<RowPage<JsonObject> | ShopFailure> {
  if (query.by === 'changed') {
    return pageInTime(query, ({ page, limit, ...span }) => {
      const asked = {
        ...datesOf(span),
        ...more,
        sort: 'date_modified',
        direction: 'asc',
        page,
        limit,
      };
      return list(context, { path: PATH, query: asked });
    });
  }
  const { since, until, after, skip, limit } = query;
  const isMeant = (row: JsonObject): boolean => {
    // One without a time is set aside visibly.
    const at = Date.parse(timeOf(row, 'date_created') ?? '');
    return !(at < Date.parse(since ?? '')) && !(at > Date.parse(until ?? ''));
  };
  let last = after?.id;
  let page = skip / limit + 1;
  for (;;) {
    const place = last === undefined ? {} : { 'id:greater': last };
    const asked = { ...more, ...place, sort: 'id', direction: 'asc', page, limit };
    const found = await list(context, { path: PATH, query: asked });
    if ('failure' in found) return found;
    const rows = found.rows.filter(isMeant);
    const isLast = found.rows.length < limit;
    // A page without matching rows is not a position to continue from.
    if (rows.length > 0 || isLast) return { rows, more: !isLast };
    last = idOf(found.rows.at(-1)!, 'id');
    page = 1;
  }
}

function productKey(product: JsonObject, by: RowQuery['by']): RowKey {
  const at = timeOf(product, by === 'changed' ? 'date_modified' : 'date_created');
  return { id: must(idOf(product, 'id'), 'id'), at: must(at, 'time') };
}

async function named(product: JsonObject, context: Context): Promise<ProductRow> {
  const store = await storeOf(context);
  const channel = await channelOf(context, store.channel);
  const paths = await categoryPaths(context);
  const ids = Array.isArray(product['categories']) ? product['categories'].map(String) : [];
  const brandId = idOf(product, 'brand_id');
  const brand = brandId === undefined ? undefined : (await brandNames(context)).get(brandId);
  return {
    product,
    currency: store.currency,
    categories: [...new Set(ids.flatMap((id) => paths.get(id) ?? []))],
    ...(brand === undefined ? {} : { brand }),
    ...(channel?.url === undefined ? {} : { site: channel.url }),
  };
}
