import {
  type ShopAddress,
  type ShopAttribution,
  type ShopLine,
  type ShopStore,
  withoutAbsent,
} from '@waybill/core';
import type { Known } from './context.ts';
import { amountsIn, numeric } from './values.ts';

/** Properties of an event. */
export type Properties = Readonly<Record<string, unknown>>;

/** Converts items to `products` of an event. What the shop leaves out of an item is taken from the product. */
export function productsOf(
  lines: readonly ShopLine[] | undefined,
  currency: string,
  known: Known | undefined,
): Properties[] {
  const amount = amountsIn(currency);
  return (lines ?? []).map((line, index) => {
    const product = known?.('product', line.productId);
    const variant = product?.variants?.find(({ id }) => id === line.variantId);
    const categories = line.categories ?? product?.categories;
    return withoutAbsent({
      product_id: line.productId,
      variant_id: line.variantId,
      line_id: line.id,
      sku: line.sku ?? variant?.sku ?? product?.sku,
      name: line.name,
      category: categories?.at(-1),
      categories,
      brand: line.brand ?? product?.brand,
      variant: line.variant ?? variant?.name,
      price: amount(priceOf(line)),
      quantity: line.quantity,
      total: amount(line.total),
      discount: amount(line.discount),
      tax: amount(line.tax),
      coupon: line.coupon,
      position: index + 1,
      url: line.url ?? product?.url,
      image_url: line.imageUrl ?? variant?.imageUrl ?? product?.imageUrl,
      is_gift: line.isGift,
      custom: line.custom,
    });
  });
}

/** The unit price; where the shop only has the price of the row, its share of that. */
function priceOf({ price, total, discount = 0, quantity }: ShopLine): number | undefined {
  if (price !== undefined || total === undefined || !(quantity > 0)) return price;
  return Math.round((total + discount) / quantity);
}

interface LinePart {
  readonly lineId?: string | undefined;
  readonly quantity?: number | undefined;
  readonly amount?: number | undefined;
}

/** Returns the products of a refund or a shipment, with its quantities. */
export function partOf(
  parts: readonly LinePart[],
  lines: readonly ShopLine[] | undefined,
  currency: string,
  known: Known | undefined,
): Properties[] {
  return parts.flatMap(({ lineId, quantity, amount }) => {
    const line = lines?.find(({ id }) => id === lineId);
    if (line === undefined) return [];
    const [product] = productsOf([line], currency, known);
    const { total: _total, discount: _discount, tax: _tax, position: _position, ...rest } = product!;
    return [
      withoutAbsent({ ...rest, quantity: quantity ?? line.quantity, amount: amountsIn(currency)(amount) }),
    ];
  });
}

/** Returns the store properties of every event. */
export function storeOf(store: ShopStore | undefined, currency: string | undefined): Properties {
  const { id, name, channel, locale, url } = store ?? {};
  return withoutAbsent({ store: id, store_name: name, store_url: url, channel, locale, currency });
}

/** Returns the attribution of a customer, under the names that Iterable and others use. */
export function attributionOf(attribution: ShopAttribution | undefined): Properties {
  if (attribution === undefined) return {};
  const { source, medium, campaign, term, content, id, campaignId, templateId, messageId, clickIds } =
    attribution;
  return withoutAbsent({
    utm_source: source,
    utm_medium: medium,
    utm_campaign: campaign,
    utm_term: term,
    utm_content: content,
    utm_id: id,
    campaignId: numeric(campaignId),
    templateId: numeric(templateId),
    iterable_message_id: messageId,
    click_ids: clickIds,
  });
}

/** Converts an address to the names of the spec for user traits. */
export function addressTraits(address: ShopAddress): Properties {
  const { street, city, state, postalCode, country } = address;
  return withoutAbsent({ street, city, state, postalCode, country });
}
