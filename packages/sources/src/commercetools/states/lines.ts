import type { ShopLine } from '@waybill/core';
import { type JsonObject, known } from '../../read.ts';
import { at, list, localized, needed, number, text } from '../json.ts';
import { attributeOf, money, pageOf } from './parts.ts';
import type { Settings } from '../settings.ts';

/** Returns the items of an order or a cart, including custom ones. */
export function linesOf(row: JsonObject, settings: Settings): readonly ShopLine[] {
  const locale = text(row, 'locale');
  return [
    ...list(row, 'lineItems').map((line) => lineOf(line, locale, settings)),
    ...list(row, 'customLineItems').map((line) => customLineOf(line, locale, settings)),
  ];
}

/** Returns the discounts of all items. */
export function discountsOf(lines: readonly ShopLine[]): number {
  return lines.reduce((all, { discount = 0 }) => all + discount, 0);
}

/** Returns the gross price of an item; undefined when unknown. */
export function grossOf(line: JsonObject): number | undefined {
  return money(line, 'taxedPrice', 'totalGross') ?? money(line, 'totalPrice');
}

function lineOf(line: JsonObject, locale: string | undefined, settings: Settings): ShopLine {
  const languages = [locale, settings.locale] as const;
  const variant = at(line, 'variant');
  const id = needed(line, 'productId');
  const sku = text(variant, 'sku');
  const slug = localized(line['productSlug'], ...languages);
  const key = text(line, 'productKey');
  const values = (settings.variantAttributes ?? []).flatMap(
    (name) => attributeOf(variant, name, ...languages) ?? [],
  );
  return known({
    id: text(line, 'id'),
    productId: id,
    variantId: text(variant, 'id'),
    sku,
    name: localized(line['name'], ...languages) ?? sku ?? id,
    quantity: number(line, 'quantity') ?? 0,
    ...costsOf(line, at(line, 'price', 'discounted', 'value') ?? at(line, 'price', 'value')),
    brand: attributeOf(variant, settings.brandAttribute ?? 'brand', ...languages),
    variant: values.join(', ') || undefined,
    url: pageOf(settings.productUrl, { slug, sku, id, key, locale: locale ?? settings.locale }),
    imageUrl: text(list(variant, 'images')[0], 'url'),
    isGift: text(line, 'lineItemMode') === 'GiftLineItem' ? true : undefined,
  });
}

function customLineOf(line: JsonObject, locale: string | undefined, settings: Settings): ShopLine {
  const id = text(line, 'id');
  const slug = text(line, 'slug');
  return known({
    id,
    productId: slug ?? text(line, 'key') ?? `line-${id}`,
    name: localized(line['name'], locale, settings.locale) ?? slug ?? `line-${id}`,
    quantity: number(line, 'quantity') ?? 1,
    ...costsOf(line, line['money']),
  });
}

/** The cost of an item. Gross prices are converted to net where the tax is known. */
function costsOf(line: JsonObject, price: unknown): Pick<ShopLine, 'price' | 'total' | 'discount' | 'tax'> {
  const one = money(price);
  const total = money(line, 'totalPrice');
  const net = money(line, 'taxedPrice', 'totalNet');
  const gross = money(line, 'taxedPrice', 'totalGross');
  const quantity = number(line, 'quantity') ?? 1;
  const hasTax = at(line, 'taxRate', 'includedInPrice') === true && net !== undefined;
  const rate = number(line, 'taxRate', 'amount') ?? 0;
  return {
    price: one !== undefined && hasTax ? Math.round(one / (1 + rate)) : one,
    total: net ?? total,
    discount: one === undefined || total === undefined ? undefined : Math.max(0, one * quantity - total),
    tax: net === undefined || gross === undefined ? undefined : gross - net,
  };
}
