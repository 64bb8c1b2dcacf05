import type { ProductState, ShopState } from '@waybill/core';

import { known, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, textOf, timeOf } from '../json.ts';
import { type Money, moneyIn } from './order-lines.ts';
import { attributeOf, pictureAt, variantName } from '../product-parts.ts';
import type { Settings } from '../settings.ts';
import { storeOf, type StoreView } from '../stores.ts';

/** A product with its variants. */
export interface ProductRow {
  readonly product: JsonObject;
  readonly children: readonly JsonObject[];
  /** Names, the most general first. */
  readonly categories: readonly string[];
  readonly brand?: string | undefined;
  readonly view?: StoreView | undefined;
  /** In the configured size. */
  readonly picture?: string | undefined;
  readonly isOnSale: boolean;
}

/** Shown neither in the catalog nor in the search: a variant, which is part of its product. */
const INVISIBLE = 1;
const ENABLED = 1;

/** Converts a product to states; none for a variant of another. Throws for one without an ID. */
export function productStates(row: ProductRow, settings: Settings): readonly ShopState[] {
  const { product, children, categories, view } = row;
  const id = idOf(product['id']);
  const currency = view?.currency;
  if (id === undefined || currency === undefined) throw new Error('The product has no id or no store.');
  if (product['visibility'] === INVISIBLE) return [];
  const money = moneyIn(currency);
  const variants = children.map((child) => variantOf(child, product, view, money));
  const prices = variants.flatMap(({ price }) => price ?? []);
  const images = imagesOf(product, view);
  const picture = attributeOf(product, 'image') ?? attributeOf(product, 'small_image');
  const state: ProductState = {
    id,
    sku: textOf(product['sku']),
    name: textOf(product['name']) ?? id,
    description: plainText(textOf(attributeOf(product, 'description'))),
    status: product['status'] === ENABLED ? 'active' : 'inactive',
    createdAt: timeOf(product['created_at']),
    updatedAt: timeOf(product['updated_at']),
    url: pageOf(product, view, settings),
    imageUrl: row.picture ?? pictureAt(view?.mediaUrl, picture) ?? images[0],
    images: images.length === 0 ? undefined : images,
    brand: row.brand,
    categories: categories.length === 0 ? undefined : categories,
    currency,
    price: prices.length === 0 ? money(product['price']) : Math.min(...prices),
    salePrice: row.isOnSale ? money(attributeOf(product, 'special_price')) : undefined,
    variants: variants.length === 0 ? undefined : variants,
    store: storeOf(view?.id, view),
  };
  return [known({ kind: 'product' as const, ...state })];
}

type Variant = NonNullable<ProductState['variants']>[number];

function variantOf(
  child: JsonObject,
  product: JsonObject,
  view: StoreView | undefined,
  money: Money,
): Variant {
  return known({
    id: idOf(child['id']) ?? '',
    sku: textOf(child['sku']),
    name: variantName(product, child),
    price: money(child['price']),
    imageUrl: pictureAt(view?.mediaUrl, attributeOf(child, 'image')),
  });
}

function pageOf(
  product: JsonObject,
  view: StoreView | undefined,
  { productUrlSuffix = '.html' }: Settings,
): string | undefined {
  const key = textOf(attributeOf(product, 'url_key'));
  return key === undefined || view?.baseUrl === undefined
    ? undefined
    : `${view.baseUrl}${key}${productUrlSuffix}`;
}

function imagesOf(product: JsonObject, view: StoreView | undefined): readonly string[] {
  return objectsOf(product['media_gallery_entries'])
    .filter((one) => one['disabled'] !== true && one['media_type'] !== 'external-video')
    .flatMap((one) => pictureAt(view?.mediaUrl, one['file']) ?? []);
}

/** A description without markup. */
function plainText(html: string | undefined): string | undefined {
  if (html === undefined) return undefined;
  const text = html
    .replace(/<(style|script)[^>]*>[^<]*(?:<(?!\/\1)[^<]*)*<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>');
  return textOf(text.replace(/\s+/g, ' '));
}
