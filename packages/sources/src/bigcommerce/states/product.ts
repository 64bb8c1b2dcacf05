import type { ProductState, ReviewState, ShopState } from '@waybill/core';
import {
  filled,
  idOf,
  type JsonObject,
  listOf,
  moneyOf,
  must,
  numberOf,
  some,
  textOf,
  timeOf,
} from '../../read.ts';
import type { Settings } from '../settings.ts';
import type { ProductRow } from '../rows.ts';

/** The maximum length of a description. */
const LONGEST = 5_000;

/** Converts a product to a state. */
export function productState(row: ProductRow, { imageSize = 'standard' }: Settings): ShopState {
  const { product, currency, categories, brand, site } = row;
  const id = must(idOf(product, 'id'), 'id');
  const variants = listOf(product, 'variants').map((one) => variantOf(one, product, currency));
  const prices = variants.map(({ price }) => price).filter((price) => price !== undefined);
  const images = [...listOf(product, 'images')]
    .sort(firstShown)
    .map((image) => textOf(image, `url_${imageSize}`));
  const pictures = images.filter((image) => image !== undefined);
  const path = textOf((product['custom_url'] ?? {}) as JsonObject, 'url');
  return {
    kind: 'product',
    ...some({
      id,
      sku: textOf(product, 'sku'),
      name: must(textOf(product, 'name'), 'name'),
      description: plainText(textOf(product, 'description')),
      status:
        product['is_visible'] === true && product['availability'] !== 'disabled' ? 'active' : 'inactive',
      createdAt: timeOf(product, 'date_created'),
      updatedAt: timeOf(product, 'date_modified'),
      url: path === undefined || site === undefined ? undefined : `${site}/${path.replace(/^\/+/, '')}`,
      imageUrl: pictures[0],
      images: filled(pictures),
      brand,
      categories: filled(categories),
      currency,
      price: prices.length === 0 ? moneyOf(product, 'price', currency) : Math.min(...prices),
      salePrice: salePriceOf(product, currency),
      stock: stockOf(product),
      variants: filled(variants),
    } satisfies ProductState)!,
  } as ShopState;
}

/** The thumbnail first, then in their order. */
function firstShown(a: JsonObject, b: JsonObject): number {
  const rank = (image: JsonObject): number =>
    image['is_thumbnail'] === true ? -1 : (numberOf(image, 'sort_order') ?? 0);
  return rank(a) - rank(b);
}

function variantOf(variant: JsonObject, product: JsonObject, currency: string) {
  const values = listOf(variant, 'option_values');
  const labels = values.map((value) => textOf(value, 'label')).filter((label) => label !== undefined);
  const attributes = Object.fromEntries(
    values.map((value) => [textOf(value, 'option_display_name') ?? '', textOf(value, 'label')]),
  ) as Record<string, unknown>;
  return some({
    id: must(idOf(variant, 'id'), 'id of a variant'),
    sku: textOf(variant, 'sku'),
    name: labels.length === 0 ? undefined : labels.join(', '),
    // A variant without a price has that of the product.
    price: moneyOf(variant, 'price', currency) ?? moneyOf(product, 'price', currency),
    salePrice: salePriceOf(variant, currency),
    stock: product['inventory_tracking'] === 'variant' ? numberOf(variant, 'inventory_level') : undefined,
    imageUrl: textOf(variant, 'image_url'),
    attributes: some(attributes),
  })!;
}

/** 0 means none. */
function salePriceOf(row: JsonObject, currency: string): number | undefined {
  const price = moneyOf(row, 'sale_price', currency);
  return price === 0 ? undefined : price;
}

function stockOf(product: JsonObject): number | undefined {
  return product['inventory_tracking'] === 'none' ? undefined : numberOf(product, 'inventory_level');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
};

function plainText(html: string | undefined): string | undefined {
  const text = html
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_all, name: string) => ENTITIES[name]!)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST);
  return text === '' ? undefined : text;
}

const STATUSES = new Map<string | undefined, NonNullable<ReviewState['status']>>([
  ['approved', 'approved'],
  ['1', 'approved'],
  ['disapproved', 'rejected'],
  ['2', 'rejected'],
  ['pending', 'pending'],
  ['0', 'pending'],
]);

/** Converts a review to a state. */
export function reviewState(product: JsonObject, review: JsonObject): ShopState {
  const at = timeOf(review, 'date_reviewed') ?? timeOf(review, 'date_created');
  return {
    kind: 'review',
    ...some({
      id: must(idOf(review, 'id'), 'id'),
      productId: must(idOf(product, 'id'), 'id of the product'),
      customer: some({ email: textOf(review, 'email'), firstName: textOf(review, 'name') }),
      rating: numberOf(review, 'rating'),
      title: textOf(review, 'title'),
      body: textOf(review, 'text'),
      status: STATUSES.get(textOf(review, 'status')),
      at,
    } satisfies ReviewState)!,
  } as ShopState;
}
