import type { OrderState } from '@waybill/core';
import type { JsonObject } from '../../read.ts';
import { list, number } from '../json.ts';
import { discountsOf } from './lines.ts';
import { money } from './parts.ts';

type Totals = Pick<OrderState, 'subtotal' | 'discount' | 'shipping' | 'tax'> & { readonly total: number };

/** Returns the shipping infos of a row: one, or one per part. */
export function shippingsOf(row: JsonObject): readonly JsonObject[] {
  const several = list(row, 'shipping').flatMap((one) => list({ of: [one['shippingInfo']] }, 'of'));
  return several.length > 0 ? several : list({ of: [row['shippingInfo']] }, 'of');
}

/** Returns the totals of an order or a cart: subtotal, shipping and tax add up to the total if taxes are known. */
export function totalsOf(row: JsonObject, lines: OrderState['lines'] = []): Totals {
  const total = money(row, 'taxedPrice', 'totalGross') ?? money(row, 'totalPrice');
  if (total === undefined) throw new Error('The row has no totalPrice.');
  const net = money(row, 'taxedPrice', 'totalNet');
  const isTaxed = net !== undefined;
  const ways = shippingsOf(row);
  const shipping =
    money(row, 'taxedShippingPrice', 'totalNet') ?? sum(ways.map((way) => shippingCost(way, isTaxed)));
  const off = money(row, 'discountOnTotalPrice', 'discountedAmount') ?? 0;
  const forShipping = sum(ways.map(shippingDiscount));
  return {
    // Without taxes, the total includes the shipping.
    subtotal: (net ?? money(row, 'totalPrice') ?? total) - shipping,
    discount: discountsOf(lines) + off + forShipping,
    shipping,
    tax: money(row, 'taxedPrice', 'totalTax') ?? (net === undefined ? undefined : total - net),
    total,
  };
}

function shippingCost(way: JsonObject, isTaxed: boolean): number {
  const net = isTaxed ? money(way, 'taxedPrice', 'totalNet') : undefined;
  if (net !== undefined) return net;
  const cost = money(way, 'discountedPrice', 'value') ?? money(way, 'price') ?? 0;
  const rate = number(way, 'taxRate', 'amount') ?? 0;
  const hasTax = isTaxed && (way['taxRate'] as JsonObject | undefined)?.['includedInPrice'] === true;
  return hasTax ? Math.round(cost / (1 + rate)) : cost;
}

function shippingDiscount(way: JsonObject): number {
  const price = money(way, 'price') ?? 0;
  return Math.max(0, price - (money(way, 'discountedPrice', 'value') ?? price));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, one) => all + one, 0);
}
