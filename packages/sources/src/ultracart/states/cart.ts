import type { CartState, ShopState } from '@waybill/core';
import { filled, idOf, type JsonObject, listOf, must, recordOf, some, textOf } from '../../read.ts';
import type { Settings } from '../settings.ts';
import { consentsAtCheckout } from './consent.ts';
import { cartLines } from './lines.ts';
import { attributionOf, moneyIn, phoneOf, storeOf } from './parts.ts';

/** A cart that UltraCart reported as abandoned, and when. */
export interface CartRow {
  readonly cart: JsonObject;
  readonly abandonedAt: string;
}

/** Converts an abandoned cart to states. UltraCart only reports abandoned carts, so the checkout had started. */
export function cartStates({ cart, abandonedAt }: CartRow, settings: Settings): readonly ShopState[] {
  const money = moneyIn(cart, textOf(cart, 'base_currency_code') ?? settings.currency ?? 'USD');
  const summary = recordOf(cart, 'summary');
  const billing = recordOf(cart, 'billing');
  const profile = recordOf(cart, 'customer_profile');
  const checkout = recordOf(cart, 'checkout');
  const offSubtotal = money.of(summary, 'subtotal_discount') ?? 0;
  const offShipping = money.of(summary, 'shipping_handling_discount') ?? 0;
  const subtotal = money.of(summary, 'subtotal');
  const shipping = money.of(summary, 'shipping_handling');
  const customer = some({
    id: idOf(profile, 'customer_profile_oid'),
    email: textOf(billing, 'email') ?? textOf(profile, 'email'),
    phone: phoneOf(billing),
    firstName: textOf(billing, 'first_name'),
    lastName: textOf(billing, 'last_name'),
  });
  const store = storeOf(cart);
  const state = some({
    id: must(textOf(cart, 'cart_id'), 'cart_id'),
    updatedAt: abandonedAt,
    status: 'active',
    checkoutAt: customer?.email === undefined ? undefined : abandonedAt,
    abandonedAt,
    customer,
    currency: money.currency,
    subtotal: subtotal === undefined ? undefined : subtotal - offSubtotal,
    discount: offSubtotal + offShipping,
    shipping: shipping === undefined ? undefined : shipping - offShipping,
    tax: money.of(summary, 'tax'),
    total: money.of(summary, 'total'),
    coupons: filled(listOf(cart, 'coupons').flatMap((one) => textOf(one, 'coupon_code') ?? [])),
    lines: cartLines(cart, money),
    url: textOf(checkout, 'abandon_return_url') ?? textOf(checkout, 'return_url'),
    attribution: attributionOf(cart),
    store,
  } satisfies CartState)!;
  const { mailing_list_opt_in: email, cell_phone_opt_in: sms } = recordOf(cart, 'marketing');
  return [
    { kind: 'cart', ...state } as ShopState,
    ...consentsAtCheckout({ email, sms }, { customer, at: abandonedAt, store }),
  ];
}
