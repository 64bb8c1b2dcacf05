import type { ProductState, ShopState } from '@waybill/core';
import {
  filled,
  idOf,
  type JsonObject,
  listOf,
  must,
  numberOf,
  recordOf,
  some,
  textOf,
  timeOf,
} from '../../read.ts';
import type { Settings } from '../settings.ts';
import { plainAmount } from './parts.ts';

/** An item, and when it was read: a sale price is valid on certain days. */
export interface ItemRow {
  readonly item: JsonObject;
  readonly readAt: number;
}

/** An item with its reviews; without them if it has no ID to read them by. */
export interface ReviewedRow {
  readonly item: JsonObject;
  readonly reviews?: readonly JsonObject[];
}

/** Converts an item to a state. Its ID is that of the merchant, the only one in orders and carts. */
export function productState({ item, readAt }: ItemRow, settings: Settings): ShopState {
  const pricing = recordOf(item, 'pricing');
  const content = recordOf(item, 'content');
  const currency = textOf(pricing, 'currency_code') ?? settings.currency ?? 'USD';
  const id = must(textOf(item, 'merchant_item_id'), 'merchant_item_id');
  const images = imagesOf(content, settings.imageSize);
  const category = textOf(item, 'parent_category_path')
    ?.split('/')
    .filter((name) => name !== '');
  return {
    kind: 'product',
    ...some({
      id,
      sku: id,
      name: textOf(item, 'description') ?? id,
      description: textOf(content, 'extended_description')
        ?.replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      status: item['inactive'] === true ? 'inactive' : 'active',
      createdAt: timeOf(item, 'creation_dts'),
      updatedAt: timeOf(item, 'last_modified_dts'),
      url: textOf(content, 'view_url'),
      imageUrl: images[0],
      images: filled(images),
      brand: textOf(recordOf(item, 'identifiers'), 'manufacturer_name'),
      categories: filled(category ?? []),
      currency,
      price: plainAmount(pricing, 'cost', currency),
      salePrice: saleOf(pricing, readAt, currency),
      stock: stockOf(recordOf(item, 'shipping')),
      variants: filled(
        listOf(item, 'variant_items').flatMap((variant) => {
          const variantId = textOf(variant, 'variant_merchant_item_id');
          if (variantId === undefined) return [];
          const given = variant['variation_options'];
          const options = Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];
          return some({
            id: variantId,
            sku: variantId,
            name: textOf(variant, 'description') ?? (options.join(', ') || undefined),
            price: plainAmount(recordOf(variant, 'variant_pricing'), 'cost', currency),
          })!;
        }),
      ),
      store: some({ id: textOf(item, 'merchant_id') }),
    } satisfies ProductState)!,
  } as ShopState;
}

/** The sale price on the days when it is valid. */
function saleOf(pricing: JsonObject, now: number, currency: string): number | undefined {
  const [from, to] = [timeOf(pricing, 'sale_start'), timeOf(pricing, 'sale_end')];
  const price = plainAmount(pricing, 'sale_cost', currency);
  const holds = (from === undefined || Date.parse(from) <= now) && (to === undefined || now < Date.parse(to));
  return holds && price !== undefined && price > 0 ? price : undefined;
}

/** The available stock of all distribution centres; absent when stock is not tracked. */
function stockOf(shipping: JsonObject): number | undefined {
  if (shipping['track_inventory'] !== true) return undefined;
  return listOf(shipping, 'distribution_centers').reduce(
    (sum, one) => sum + (numberOf(one, 'available_to_allocate') ?? numberOf(one, 'inventory_level') ?? 0),
    0,
  );
}

function imagesOf(content: JsonObject, size: number | undefined): readonly string[] {
  return listOf(content, 'multimedia')
    .filter((one) => textOf(one, 'type') === 'Image' && one['exclude_from_gallery'] !== true)
    .flatMap((one) => imageOf(one, size) ?? []);
}

/** The picture, or its thumbnail that is nearest to a size. */
function imageOf(media: JsonObject, size: number | undefined): string | undefined {
  const whole = textOf(media, 'url');
  if (size === undefined) return whole;
  const sideOf = (one: JsonObject): number =>
    Math.max(numberOf(one, 'width') ?? 0, numberOf(one, 'height') ?? 0);
  const found = listOf(media, 'thumbnails')
    .map((one) => ({ url: textOf(one, 'https_url') ?? textOf(one, 'http_url'), side: sideOf(one) }))
    .concat({ url: whole, side: sideOf(media) })
    .filter(({ url, side }) => url !== undefined && side > 0)
    .sort((a, b) => Math.abs(a.side - size) - Math.abs(b.side - size));
  return found[0]?.url ?? whole;
}

/** Converts a review of an item to a state. */
export function reviewState(item: JsonObject, review: JsonObject): ShopState {
  const status = textOf(review, 'status');
  return {
    kind: 'review',
    ...some({
      id: must(idOf(review, 'review_oid'), 'review_oid'),
      productId: must(textOf(item, 'merchant_item_id'), 'merchant_item_id'),
      orderId: idOf(review, 'order_id'),
      customer: some({ id: idOf(review, 'customer_profile_oid'), email: textOf(review, 'reviewer_email') }),
      rating: numberOf(review, 'overall'),
      title: textOf(review, 'title'),
      body: textOf(review, 'review'),
      status: status === 'approved' || status === 'rejected' ? status : 'pending',
      at: timeOf(review, 'submitted_dts'),
    })!,
  } as ShopState;
}
