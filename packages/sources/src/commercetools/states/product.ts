import type { ProductState, ReviewState, ShopState } from '@waybill/core';
import { filled, isRecord, type JsonObject, known, some } from '../../read.ts';
import { at, list, localized, needed, number, text } from '../json.ts';
import { attributeOf, money, NO_CURRENCY, pageOf } from './parts.ts';
import type { Settings } from '../settings.ts';

type Variant = NonNullable<ProductState['variants']>[number];

/** Converts a published product to states. */
export function productStates(product: JsonObject, settings: Settings): readonly ShopState[] {
  const { locale } = settings;
  const id = needed(product, 'id');
  const rows = [product['masterVariant'], ...list(product, 'variants')].filter(isRecord);
  const variants = rows.map((row) => variantOf(row, settings));
  const cheapest = variants
    .filter(({ price }) => price !== undefined)
    .sort((a, b) => (a.salePrice ?? a.price!) - (b.salePrice ?? b.price!))[0];
  const sku = text(product['masterVariant'], 'sku');
  const images = [
    ...new Set(rows.flatMap((row) => list(row, 'images').flatMap((one) => text(one, 'url') ?? []))),
  ];
  const slug = localized(product['slug'], locale);
  const counted = variants.flatMap(({ stock }) => stock ?? []);
  const state: ProductState = {
    id,
    sku,
    name: localized(product['name'], locale) ?? text(product, 'key') ?? id,
    description: plain(localized(product['description'], locale)),
    status: product['published'] === false ? 'inactive' : 'active',
    createdAt: text(product, 'createdAt'),
    updatedAt: text(product, 'lastModifiedAt'),
    url: pageOf(settings.productUrl, { slug, sku, id, key: text(product, 'key'), locale }),
    imageUrl: images[0],
    images: filled(images),
    brand: attributeOf(product['masterVariant'], settings.brandAttribute ?? 'brand', locale),
    categories: filled(categoriesOf(product, locale)),
    currency: currencyIn(rows) ?? settings.priceCurrency ?? NO_CURRENCY,
    price: cheapest?.price,
    salePrice: cheapest?.salePrice,
    stock: counted.length === 0 ? undefined : counted.reduce((all, one) => all + one, 0),
    variants: filled(variants),
  };
  return [known({ kind: 'product' as const, ...state })];
}

/** If a currency is chosen, the API selects the price; otherwise it is the first general one. */
function priceOf(variant: JsonObject): unknown {
  const all = list(variant, 'prices');
  const open = all.find((one) => ['customerGroup', 'channel'].every((name) => at(one, name) === undefined));
  return at(variant, 'price') ?? open;
}

function currencyIn(variants: readonly JsonObject[]): string | undefined {
  return variants.map((row) => text(priceOf(row), 'value', 'currencyCode')).find(Boolean);
}

function variantOf(row: JsonObject, settings: Settings): Variant {
  const price = priceOf(row);
  const names = list(row, 'attributes').flatMap((one) => text(one, 'name') ?? []);
  const attributes = names.map((name) => [name, attributeOf(row, name, settings.locale)] as const);
  const telling = (settings.variantAttributes ?? []).flatMap(
    (name) => attributeOf(row, name, settings.locale) ?? [],
  );
  return known({
    id: needed(row, 'id'),
    sku: text(row, 'sku'),
    name: telling.join(', ') || undefined,
    price: money(price, 'value'),
    salePrice: money(price, 'discounted', 'value'),
    stock: stockOf(row),
    imageUrl: text(list(row, 'images')[0], 'url'),
    attributes: some(Object.fromEntries(attributes)),
  });
}

/** The stock of a variant: overall, or the sum of all channels. */
function stockOf(variant: JsonObject): number | undefined {
  const channels = at(variant, 'availability', 'channels');
  const within = isRecord(channels)
    ? Object.values(channels).flatMap((one) => number(one, 'availableQuantity') ?? [])
    : [];
  const all = within.length === 0 ? undefined : within.reduce((sum, one) => sum + one, 0);
  return number(variant, 'availability', 'availableQuantity') ?? all;
}

function categoriesOf(product: JsonObject, locale: string | undefined): readonly string[] {
  const names = list(product, 'categories').flatMap((reference) => {
    const category = at(reference, 'obj');
    const path = [...list(category, 'ancestors').map((one) => at(one, 'obj')), category];
    return path.flatMap((one) => localized(at(one, 'name'), locale) ?? []);
  });
  return [...new Set(names)];
}

function plain(html: string | undefined): string | undefined {
  return (
    html
      ?.replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim() || undefined
  );
}

/** Converts a review of a product to states. */
export function reviewStates(review: JsonObject): readonly ShopState[] {
  const productId = text(review, 'target', 'typeId') === 'product' ? text(review, 'target', 'id') : undefined;
  if (productId === undefined) return [];
  const customer = at(review, 'customer', 'obj');
  const state: ReviewState = {
    id: needed(review, 'id'),
    productId,
    customer: some({
      id: text(review, 'customer', 'id'),
      externalId: text(customer, 'externalId'),
      email: text(customer, 'email'),
      firstName: text(customer, 'firstName'),
      lastName: text(customer, 'lastName'),
    }),
    rating: number(review, 'rating'),
    title: text(review, 'title'),
    body: text(review, 'text'),
    status: review['includedInStatistics'] === false ? 'pending' : 'approved',
    at: text(review, 'createdAt'),
  };
  return [known({ kind: 'review' as const, ...state })];
}
