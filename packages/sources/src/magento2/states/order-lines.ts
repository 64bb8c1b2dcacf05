import { minorOf, type ShopLine } from '@waybill/core';

import { known, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, numberOf, textOf } from '../json.ts';
import { variantName } from '../product-parts.ts';

/** Reads amounts of one currency: as integers, undefined when absent. */
export type Money = (value: unknown) => number | undefined;

/** Creates a reader of amounts. */
export function moneyIn(currency: string): Money {
  return (value) => {
    const amount = typeof value === 'number' || typeof value === 'string' ? value : undefined;
    return amount === undefined ? undefined : minorOf(amount, currency);
  };
}

/** Returns the items that a customer sees: parts of a bundle or a configurable product belong to its item. */
export function orderLines(order: JsonObject, money: Money): readonly ShopLine[] {
  const coupon = textOf(order['coupon_code']);
  const items = objectsOf(order['items']);
  return items
    .filter((item) => idOf(item['parent_item_id']) === undefined)
    .map((item) => {
      const line = lineOf(item, childrenIn(items, item), money);
      return (line.discount ?? 0) === 0 ? line : known({ ...line, coupon });
    });
}

function childrenIn(items: readonly JsonObject[], { item_id: id }: JsonObject): readonly JsonObject[] {
  return items.filter((one) => idOf(one['parent_item_id']) !== undefined && one['parent_item_id'] === id);
}

function lineOf(item: JsonObject, children: readonly JsonObject[], money: Money): ShopLine {
  const productId = idOf(item['product_id']) ?? textOf(item['sku']) ?? '';
  const [child] = item['product_type'] === 'configurable' ? children : [];
  return known({
    id: idOf(item['item_id']),
    productId,
    variantId: idOf(child?.['product_id']),
    sku: textOf(item['sku']),
    name: textOf(item['name']) ?? productId,
    quantity: numberOf(item['qty_ordered']) ?? 0,
    price: money(item['price']),
    ...amountsOf(item, children, money),
    variant: child === undefined ? undefined : variantName(item, child),
  });
}

interface Amounts {
  readonly total?: number | undefined;
  readonly discount?: number | undefined;
  readonly tax?: number | undefined;
}

/**
 * The amounts of an item. Discount and tax of a bundle with a fixed price are on the bundle, those of a bundle with a dynamic
 * price on its parts, never on both. Discounts on gross prices include tax, which Magento records as compensation: that is not
 * a discount here, because prices are net.
 */
function amountsOf(item: JsonObject, children: readonly JsonObject[], money: Money): Amounts {
  const parts = item['product_type'] === 'bundle' ? children : [];
  const wholeOr = (
    own: number | undefined,
    ofPart: (part: JsonObject) => number | undefined,
  ): number | undefined => {
    if (own !== undefined && own !== 0) return own;
    const all = parts.flatMap((part) => ofPart(part) ?? []);
    return all.length > 0 ? all.reduce((a, b) => a + b, 0) : own;
  };
  const sum = (name: string): number | undefined => wholeOr(money(item[name]), (part) => money(part[name]));
  const off = sum('discount_amount');
  const discount = off === undefined ? undefined : off - (sum('discount_tax_compensation_amount') ?? 0);
  const gross = wholeOr(grossOf(item, money), (part) => grossOf(part, money));
  const total = gross === undefined ? undefined : gross - (discount ?? 0);
  return { total, discount, tax: sum('tax_amount') };
}

/**
 * An item before discounts. Up to 2.4.5 `row_total` is that; later versions store the rest after discounts. The one nearer to
 * price times quantity decides.
 */
function grossOf(item: JsonObject, money: Money): number | undefined {
  const [row, own] = [money(item['row_total']), money(item['discount_amount'])];
  const [price, quantity] = [numberOf(item['price']), numberOf(item['qty_ordered'])];
  if (row === undefined) return undefined;
  if (own === undefined || own === 0 || price === undefined || quantity === undefined) return row;
  const expected = money(price * quantity) ?? row;
  return Math.abs(expected - row) < Math.abs(expected - own - row) ? row : row + own;
}

/** The share of an item in a credit memo or a shipment. */
export interface LineShare {
  readonly lineId: string;
  readonly quantity: number;
  /** The row of the item itself, or of a part that represents it. */
  readonly item: JsonObject;
  /** Rows of its parts. */
  readonly parts: readonly JsonObject[];
}

/** Maps the rows of a credit memo or a shipment to items of the order: parts represent a bundle, by their share. */
export function shareOfLines(order: JsonObject, items: readonly JsonObject[]): readonly LineShare[] {
  const ordered = new Map(objectsOf(order['items']).map((one) => [idOf(one['item_id']), one] as const));
  const shares = new Map<string, LineShare & { readonly parts: JsonObject[] }>();
  for (const item of items) {
    const id = idOf(item['order_item_id']);
    const quantity = numberOf(item['qty']) ?? 0;
    if (id === undefined || quantity <= 0) continue;
    const line = ordered.get(id);
    const parentId = idOf(line?.['parent_item_id']);
    const lineId = parentId ?? id;
    // The row of the item itself takes precedence over its parts.
    const told = shares.get(lineId);
    if (told !== undefined) {
      told.parts.push(item);
      continue;
    }
    const whole = numberOf(ordered.get(parentId)?.['qty_ordered']);
    const part = numberOf(line?.['qty_ordered']);
    const share =
      whole === undefined || part === undefined || part === 0 ? quantity : (quantity * whole) / part;
    shares.set(lineId, { lineId, quantity: share, item, parts: [] });
  }
  return [...shares.values()];
}
