import type { RowKey, RowPage, RowQuery, ShopFailure, ShopStream } from '@waybill/core';
import { call, list } from '../api.ts';
import { eachOf, type JsonObject, listOf, must, numberOf, recordOf, textOf, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { type ItemRow, productState, type ReviewedRow, reviewState } from '../states/product.ts';

const PATH = 'item/items';
const EXPAND =
  'content,content.multimedia,content.multimedia.thumbnails,identifiers,pricing,shipping,shipping.distribution_centers,variant_items';

/** Items by time of change. */
export const products: ShopStream<Settings, ItemRow> = {
  title: 'Items',
  description: 'Items with variants, images and stock.',
  kinds: ['product'],
  every: 900,
  overlap: 3_600,
  pageSize: 100,
  async page(query, context) {
    const found = await itemPage(query, EXPAND, context);
    return 'failure' in found
      ? found
      : { ...found, rows: found.rows.map((item) => ({ item, readAt: context.now() })) };
  },
  async get(id, context) {
    const path = `${PATH}/merchant_item_id/${encodeURIComponent(id)}`;
    const got = await call(context, { path, query: { _expand: EXPAND } });
    if ('failure' in got) return got;
    const item = 'missing' in got ? {} : recordOf(got.body, 'item');
    if (textOf(item, 'merchant_item_id') === undefined) return 'gone';
    return { row: { item, readAt: context.now() } };
  },
  async count(span, context) {
    // Items cannot be counted by creation time.
    const found = await list(context, 'items', { path: PATH, query: { ...sinceOf(span), _limit: 1 } });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
  keyOf: ({ item }, by) => itemKey(item, by),
  states: (row, { settings }) => [productState(row, settings)],
};

/** Reviews: there is no list of all, so once a day those of each item with reviews are read. */
export const reviews: ShopStream<Settings, ReviewedRow> = {
  title: 'Reviews',
  description: 'Reviews of items, read once a day.',
  kinds: ['review'],
  sweep: { every: 86_400, days: 3_650 },
  pageSize: 100,
  async page(query, context) {
    const found = await itemPage(query, 'reviews', context);
    if ('failure' in found) return found;
    const rows: ReviewedRow[] = [];
    for (const item of found.rows) {
      const given = await reviewsOf(item, context);
      if ('failure' in given) return given;
      rows.push({ item, ...(given.rows === undefined ? {} : { reviews: given.rows }) });
    }
    return { ...found, rows };
  },
  keyOf: ({ item }, by) => itemKey(item, by),
  states: (row) => reviewsIn(row).states,
  unreadable: (row) => reviewsIn(row).unreadable,
};

function reviewsIn({ item, reviews: given }: ReviewedRow): ReturnType<typeof eachOf> {
  return eachOf(must(given, 'merchant_item_oid'), (review) => reviewState(item, review));
}

/** The reviews included in an item, or read by its ID; none when it has no ID. */
async function reviewsOf(
  item: JsonObject,
  context: Context,
): Promise<{ readonly rows?: readonly JsonObject[] } | ShopFailure> {
  const about = recordOf(item, 'reviews');
  const rows = listOf(about, 'individual_reviews');
  const count = numberOf(about, 'review_count') ?? 0;
  if (rows.length >= count && (count > 0 || about['has_review'] !== true)) return { rows };
  const oid = textOf(item, 'merchant_item_oid');
  if (oid === undefined) return {};
  const got = await call(context, { path: `${PATH}/${encodeURIComponent(oid)}/reviews` });
  if ('failure' in got) return got;
  // An item may have been deleted since the page was read: the URL is still right.
  return 'missing' in got ? { rows: [] } : { rows: listOf(got.body, 'reviews') };
}

function sinceOf({ since }: Pick<RowQuery, 'since'>): Readonly<Record<string, string>> {
  return since === undefined ? {} : { _since: since };
}

/** A page of items that changed since a time, including new ones. */
function itemPage(
  query: RowQuery,
  expand: string,
  context: Context,
): Promise<RowPage<JsonObject> | ShopFailure> {
  const sort = query.by === 'changed' ? 'last_modified_dts' : 'creation_dts';
  const asked = { _limit: query.limit, _offset: query.skip, _sort: sort, _expand: expand };
  return list(context, 'items', { path: PATH, query: { ...sinceOf(query), ...asked } });
}

function itemKey(item: JsonObject, by: RowQuery['by']): RowKey {
  const made = timeOf(item, 'creation_dts');
  const changed = timeOf(item, 'last_modified_dts');
  const at = by === 'created' ? (made ?? changed) : (changed ?? made);
  return { id: must(textOf(item, 'merchant_item_id'), 'merchant_item_id'), at: must(at, 'time') };
}
