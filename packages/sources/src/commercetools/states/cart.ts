import type { CartState, ShopState } from '@waybill/core';
import { filled, type JsonObject, known } from '../../read.ts';
import { at, needed, text } from '../json.ts';
import { linesOf } from './lines.ts';
import { couponsOf, currencyOf, type OwnedRow } from './order.ts';
import { attributionOf, customOf } from './parts.ts';
import { personOf } from './person.ts';
import type { Settings } from '../settings.ts';
import { storeState } from '../stores.ts';
import { totalsOf } from './totals.ts';

const STATUS: Readonly<Record<string, CartState['status']>> = { Ordered: 'ordered', Merged: 'gone' };

/** Carts that no customer filled: templates of recurring orders, and quotes for businesses. */
const OF_NOBODY = new Set<string | undefined>(['RecurringOrder', 'Quote']);

/** Converts a cart to states. A cart that was merged into another one counts as deleted. */
export function cartStates(
  { row: cart, customer, store }: OwnedRow,
  settings: Settings,
): readonly ShopState[] {
  if (OF_NOBODY.has(text(cart, 'origin'))) return [];
  const lines = linesOf(cart, settings);
  const locale = text(cart, 'locale') ?? text(customer, 'locale');
  const id = needed(cart, 'id');
  const state: CartState = {
    id,
    createdAt: text(cart, 'createdAt'),
    updatedAt: text(cart, 'lastModifiedAt'),
    status: STATUS[text(cart, 'cartState') ?? 'Active'] ?? 'active',
    checkoutAt: hasCheckout(cart) ? text(cart, 'lastModifiedAt') : undefined,
    customer: personOf(cart, customer),
    currency: currencyOf(cart),
    ...totalsOf(cart, lines),
    coupons: filled(couponsOf(cart, false)),
    lines,
    url: settings.cartUrl?.replaceAll('{id}', encodeURIComponent(id)),
    attribution: attributionOf(cart),
    store: storeState(text(cart, 'store', 'key'), store, locale, settings),
    custom: customOf(cart, settings.orderFields),
  };
  return [known({ kind: 'cart' as const, ...state })];
}

/** Whether the checkout has started. A country alone is set for prices and taxes, long before. */
function hasCheckout(cart: JsonObject): boolean {
  const isChosen = ['shippingInfo', 'paymentInfo'].some((name) => at(cart, name) !== undefined);
  return isChosen || text(cart, 'shippingAddress', 'streetName') !== undefined;
}
