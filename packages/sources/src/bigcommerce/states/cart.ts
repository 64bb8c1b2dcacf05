import type { CartState, ShopState } from '@waybill/core';
import {
  filled,
  idOf,
  type JsonObject,
  listOf,
  moneyOf,
  must,
  recordOf,
  some,
  textOf,
  timeOf,
} from '../../read.ts';
import type { Settings } from '../settings.ts';
import type { CartRow } from '../rows.ts';
import { cartLines } from './lines.ts';
import { personOf, storeOfChannel } from './parts.ts';

/** The inactivity, in milliseconds, after which BigCommerce reports a cart as abandoned. */
const IDLE = 3_600_000;

/** Converts a cart to a state. */
export function cartState(row: Exclude<CartRow, { ordered: unknown }>, { cartLink }: Settings): ShopState {
  const { cart, checkout = {}, channel } = row;
  const id = must(textOf(cart, 'id'), 'id');
  const currency = must(textOf(recordOf(cart, 'currency'), 'code'), 'currency');
  const updatedAt = timeOf(cart, 'updated_time');
  const billing = recordOf(checkout, 'billing_address');
  // An address is only entered in the checkout.
  const began = textOf(billing, 'email') !== undefined || listOf(checkout, 'consignments').length > 0;
  return {
    kind: 'cart',
    ...some({
      id,
      createdAt: timeOf(cart, 'created_time'),
      updatedAt,
      status: 'active',
      checkoutAt: began ? (timeOf(checkout, 'updated_time') ?? updatedAt) : undefined,
      abandonedAt:
        row.isAbandoned === true && updatedAt !== undefined
          ? new Date(Date.parse(updatedAt) + IDLE).toISOString()
          : undefined,
      customer: personOf(cart, billing),
      currency,
      ...moneyOfCart(cart, checkout, currency),
      coupons: filled(
        listOf(cart, 'coupons')
          .map((one) => textOf(one, 'code'))
          .filter((code) => code !== undefined),
      ),
      lines: cartLines(cart, currency),
      url: cartLink?.replaceAll('{id}', encodeURIComponent(id)),
      store: storeOfChannel(channel, textOf(cart, 'locale')),
    } satisfies CartState)!,
  } as ShopState;
}

/** Returns the state of a cart that became an order: BigCommerce deletes the cart. */
export function orderedCartState(id: string, order: JsonObject): ShopState {
  return {
    kind: 'cart',
    ...some({
      id,
      updatedAt: timeOf(order, 'date_created'),
      status: 'ordered',
      orderId: idOf(order, 'id'),
      currency: must(textOf(order, 'default_currency_code'), 'currency'),
    } satisfies CartState)!,
  } as ShopState;
}

function moneyOfCart(cart: JsonObject, checkout: JsonObject, currency: string) {
  const inCheckout = recordOf(checkout, 'cart');
  const net = moneyOf(inCheckout, 'cart_amount_ex_tax', currency);
  const amount = moneyOf(cart, 'cart_amount', currency);
  const base = moneyOf(cart, 'base_amount', currency);
  return {
    // Without the checkout, it is unknown whether a price includes tax.
    subtotal: net ?? amount,
    // `discount_amount` only sometimes includes coupons.
    discount: base === undefined || amount === undefined ? undefined : Math.max(0, base - amount),
    shipping: moneyOf(checkout, 'shipping_cost_total_ex_tax', currency),
    tax: moneyOf(checkout, 'tax_total', currency),
    total: moneyOf(checkout, 'grand_total', currency) ?? amount,
  };
}
