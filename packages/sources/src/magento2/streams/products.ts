import type { ShopFailure, ShopStream } from '@waybill/core';

import { brandsOf } from '../brands.ts';
import { categoriesOf, categoryNames } from '../categories.ts';
import type { JsonObject } from '../../read.ts';
import { idOf, memberOf, textOf, timeOf } from '../json.ts';
import { keyOf } from './key.ts';
import { attributeOf, categoryIds, childrenOf } from '../product-parts.ts';
import { picturesOf } from '../pictures.ts';
import { type ProductRow, productStates } from '../states/product.ts';
import { isFailure } from '../../remember.ts';
import { countOf, pageOf, search, searchIn } from '../search.ts';
import type { Context, Settings } from '../settings.ts';
import { type Stores, storesOf, type StoreView } from '../stores.ts';

const CHILD = 'id,sku,name,price,status,updated_at,custom_attributes';
const PRODUCT = `${CHILD},visibility,type_id,created_at,media_gallery_entries[file,disabled,media_type],extension_attributes[website_ids,category_links[category_id],configurable_product_links,configurable_product_options[attribute_id,label,values[value_index]]]`;

/** Products with their variants, in the first store view of their first website. */
async function joined(
  context: Context,
  products: readonly JsonObject[],
): Promise<readonly ProductRow[] | ShopFailure> {
  const [children, categories, brands, stores] = await Promise.all([
    searchIn(context, { path: 'products', fields: CHILD, field: 'entity_id' }, products.flatMap(childrenOf)),
    categoriesOf(context),
    brandsOf(context),
    storesOf(context),
  ]);
  if (isFailure(children)) return children;
  if (isFailure(categories)) return categories;
  if (isFailure(brands)) return brands;
  if (isFailure(stores)) return stores;
  const code = context.settings.brandAttribute ?? 'manufacturer';
  const shown = products.map((product) => ({ product, view: viewOf(product, stores) }));
  const pictures = await picturesOf(context, shown);
  if (isFailure(pictures)) return pictures;
  return shown.map(({ product, view }) => {
    const ids = childrenOf(product);
    return {
      product,
      children: children.filter((one) => ids.includes(idOf(one['id']) ?? '')),
      categories: categoryNames(categoryIds(product), categories),
      brand: brandOf(product, brands, code),
      view,
      picture: pictures[idOf(product['id']) ?? ''],
      isOnSale: isOnSale(product, context.now()),
    };
  });
}

function brandOf(
  product: JsonObject,
  brands: Readonly<Record<string, string>>,
  code: string,
): string | undefined {
  const value = textOf(attributeOf(product, code));
  return value === undefined ? undefined : (brands[value] ?? value);
}

/** The store view of a product: the first of its first website. */
function viewOf(product: JsonObject, { views }: Stores): StoreView | undefined {
  const all = Object.values(views);
  const ids = memberOf(product['extension_attributes'], 'website_ids');
  const sites = Array.isArray(ids) ? ids.map(textOf) : [];
  return all.find(({ websiteId }) => sites.includes(websiteId)) ?? all[0];
}

/** Whether the special price is valid today. */
function isOnSale(product: JsonObject, now: number): boolean {
  const at = (code: string): number | undefined => {
    const time = timeOf(attributeOf(product, code));
    return time === undefined ? undefined : Date.parse(time);
  };
  const [from, to] = [at('special_from_date'), at('special_to_date')];
  // The last day counts whole.
  return (from === undefined || from <= now) && (to === undefined || now < to + 86_400_000);
}

/** Products, polled by time of change, and all of them once a day: variants change without their product. */
export const products: ShopStream<Settings, ProductRow> = {
  title: 'Products',
  description: 'Products with their variants, categories and images.',
  kinds: ['product'],
  every: 300,
  overlap: 900,
  sweep: { every: 86_400, days: 36_500 },
  pageSize: 100,
  async page(query, context) {
    const found = await pageOf(context, { path: 'products', fields: PRODUCT }, query);
    if (isFailure(found)) return found;
    const rows = await joined(context, found.rows);
    return isFailure(rows) ? rows : { rows, more: found.more };
  },
  async get(id, context) {
    const groups = [[{ field: 'entity_id', is: 'eq', value: id }]] as const;
    const found = await search(context, { path: 'products', groups, size: 1, page: 1, fields: PRODUCT });
    if (isFailure(found)) return found;
    if (found.rows.length === 0) return 'gone';
    const rows = await joined(context, found.rows);
    return isFailure(rows) ? rows : { row: rows[0]! };
  },
  count: (query, context) => countOf(context, { path: 'products', fields: '' }, query),
  keyOf: ({ product }, by) => keyOf(product, by, 'id'),
  states: (row, { settings }) => productStates(row, settings),
};
