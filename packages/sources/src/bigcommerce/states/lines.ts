import { amountOf, type ShopLine } from '@waybill/core';
import {
  idOf,
  type JsonObject,
  listOf,
  moneyOf,
  must,
  numberOf,
  recordOf,
  some,
  textOf,
} from '../../read.ts';

/** Returns the items of an order. Picked parts of a product belong to its item. */
export function orderLines(order: JsonObject, currency: string): readonly ShopLine[] {
  const all = productsOf(order);
  const parts = new Map<string, JsonObject[]>();
  for (const row of all) {
    const parent = idOf(row, 'parent_order_product_id');
    if (parent !== undefined) parts.set(parent, [...(parts.get(parent) ?? []), row]);
  }
  const ids = new Set(all.map((row) => idOf(row, 'id')));
  return all
    .filter((row) => {
      const parent = idOf(row, 'parent_order_product_id');
      return parent === undefined || !ids.has(parent);
    })
    .map((row) => orderLine(row, parts.get(idOf(row, 'id') ?? '') ?? [], currency));
}

/** The products of an order: by consignment, or as a list. */
function productsOf(order: JsonObject): readonly JsonObject[] {
  const listed = listOf(order, 'products');
  if (listed.length > 0) return listed;
  const consignments = recordOf(order, 'consignments');
  const groups = [
    ...listOf(consignments, 'shipping'),
    ...listOf(consignments, 'pickups'),
    ...listOf(consignments, 'downloads'),
    ...listOf(recordOf(consignments, 'email'), 'gift_certificates'),
  ];
  return groups.flatMap((group) => listOf(group, 'line_items'));
}

/** Returns the shipping address of an order. */
export function shippingOf(order: JsonObject): JsonObject {
  return listOf(recordOf(order, 'consignments'), 'shipping')[0] ?? {};
}

function orderLine(row: JsonObject, parts: readonly JsonObject[], currency: string): ShopLine {
  const id = must(idOf(row, 'id'), 'id of a line');
  const discounts = listOf(row, 'applied_discounts');
  const money = [row, ...parts].map((one) => lineMoney(one, currency));
  const sum = (of: (one: LineMoney) => number): number => money.reduce((all, one) => all + of(one), 0);
  const quantity = must(numberOf(row, 'quantity'), 'quantity of a line');
  const variant = listOf(row, 'product_options')
    .map((option) => textOf(option, 'display_value_customer') ?? textOf(option, 'display_value'))
    .filter((value) => value !== undefined);
  return some({
    id,
    // Products outside of the catalog, and gift certificates, have the ID 0.
    productId: idOf(row, 'product_id') ?? textOf(row, 'sku') ?? textOf(row, 'type') ?? `line-${id}`,
    variantId: idOf(row, 'variant_id'),
    sku: textOf(row, 'sku'),
    name: textOf(row, 'name_customer') ?? textOf(row, 'name') ?? `Product ${id}`,
    quantity,
    price: moneyOf(row, 'price_ex_tax', currency),
    total: sum(({ total }) => total),
    discount: sum(({ discount }) => discount),
    tax: sum(({ tax }) => tax),
    brand: textOf(row, 'brand'),
    variant: variant.length === 0 ? undefined : variant.join(', '),
    coupon: discounts
      .map((one) => (textOf(one, 'id') === 'coupon' ? textOf(one, 'code') : undefined))
      .find(Boolean),
    custom: some({ parts: parts.length === 0 ? undefined : parts.map((part) => textOf(part, 'name')) }),
  })!;
}

interface LineMoney {
  readonly total: number;
  readonly tax: number;
  readonly discount: number;
}

/**
 * The totals of an item are before discounts, and discounts include tax: the rest is split into net and tax in proportion to
 * the totals.
 */
function lineMoney(row: JsonObject, currency: string): LineMoney {
  const gross = moneyOf(row, 'total_inc_tax', currency) ?? 0;
  const net = moneyOf(row, 'total_ex_tax', currency) ?? gross;
  const taken = listOf(row, 'applied_discounts').reduce(
    (all, one) => all + Math.abs(moneyOf(one, 'amount', currency) ?? 0),
    0,
  );
  const paid = moneyOf(row, 'discounted_total_inc_tax', currency) ?? Math.max(0, gross - taken);
  const total = gross === 0 ? 0 : Math.round((net * paid) / gross);
  return { total, tax: paid - total, discount: Math.max(0, net - total) };
}

/** Returns the items of a cart, of all kinds. */
export function cartLines(cart: JsonObject, currency: string): readonly ShopLine[] {
  const items = recordOf(cart, 'line_items');
  const goods = [...listOf(items, 'physical_items'), ...listOf(items, 'digital_items')];
  const own = listOf(items, 'custom_items').map((item) => ownLine(item, currency));
  const gifts = listOf(items, 'gift_certificates').map((item) => giftLine(item, currency));
  const ids = new Set(goods.map((item) => textOf(item, 'id')));
  const isPart = (item: JsonObject): boolean => {
    const parent = textOf(item, 'parent_id');
    return parent !== undefined && ids.has(parent);
  };
  return [...goods.filter((item) => !isPart(item)).map((item) => cartLine(item, currency)), ...own, ...gifts];
}

function cartLine(item: JsonObject, currency: string): ShopLine {
  const id = textOf(item, 'id');
  const listed = moneyOf(item, 'extended_list_price', currency);
  const coupons = moneyOf(item, 'coupon_amount', currency) ?? 0;
  const sale = moneyOf(item, 'extended_sale_price', currency);
  const total = sale === undefined ? undefined : sale - coupons;
  const off = listed === undefined || total === undefined ? undefined : Math.max(0, listed - total);
  return some({
    id,
    productId: idOf(item, 'product_id') ?? textOf(item, 'sku') ?? `line-${id}`,
    variantId: idOf(item, 'variant_id'),
    sku: textOf(item, 'sku'),
    name: textOf(item, 'name') ?? `Product ${idOf(item, 'product_id')}`,
    quantity: must(numberOf(item, 'quantity'), 'quantity of a line'),
    price: moneyOf(item, 'list_price', currency),
    total,
    discount: off,
    variant: variantOf(item),
    url: textOf(item, 'url'),
    imageUrl: textOf(item, 'image_url'),
    coupon: listOf(item, 'coupons')
      .map((one) => textOf(one, 'code'))
      .find(Boolean),
    isGift: item['added_by_promotion'] === true ? true : undefined,
  })!;
}

function variantOf(item: JsonObject): string | undefined {
  const values = listOf(item, 'options').map((option) => textOf(option, 'value'));
  return values.length === 0 ? undefined : values.filter(Boolean).join(', ');
}

function ownLine(item: JsonObject, currency: string): ShopLine {
  const id = textOf(item, 'id');
  return some({
    id,
    productId: textOf(item, 'sku') ?? `line-${id}`,
    sku: textOf(item, 'sku'),
    name: textOf(item, 'name') ?? `line-${id}`,
    quantity: must(numberOf(item, 'quantity'), 'quantity of a line'),
    price: moneyOf(item, 'list_price', currency),
    total: moneyOf(item, 'extended_list_price', currency),
    imageUrl: textOf(item, 'image_url'),
  })!;
}

function giftLine(item: JsonObject, currency: string): ShopLine {
  const amount = moneyOf(item, 'amount', currency);
  const name = textOf(item, 'name') ?? 'Gift certificate';
  return some({
    id: textOf(item, 'id'),
    productId: 'giftcertificate',
    name,
    quantity: 1,
    price: amount,
    total: amount,
  })!;
}

/** Returns an amount as a number, for values without their own field; absent when it is zero. */
export function plainAmount(row: JsonObject, name: string, currency: string): number | undefined {
  const minor = moneyOf(row, name, currency);
  return minor === undefined || minor === 0 ? undefined : amountOf(minor, currency);
}
