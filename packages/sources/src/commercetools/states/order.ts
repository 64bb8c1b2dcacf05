import type { OrderState, ShopState } from '@waybill/core';
import { filled, type JsonObject, known } from '../../read.ts';
import { list, localized, needed, text } from '../json.ts';
import { linesOf } from './lines.ts';
import { changedAt, paymentsOf, refundsOf, shipmentsOf } from './order-parts.ts';
import { addressOf, attributionOf, customOf } from './parts.ts';
import { personOf } from './person.ts';
import type { Settings } from '../settings.ts';
import { storeState } from '../stores.ts';
import { shippingsOf, totalsOf } from './totals.ts';

/** An order or a cart, with its customer if it has no e-mail address, and with its store. */
export interface OwnedRow {
  readonly row: JsonObject;
  readonly customer?: JsonObject | undefined;
  readonly store?: JsonObject | undefined;
}

/** Converts an order to states. Throws for one without an ID, a currency or a total. */
export function orderStates(
  { row: order, customer, store }: OwnedRow,
  settings: Settings,
): readonly ShopState[] {
  const status = statusOf(order, settings);
  const lines = linesOf(order, settings);
  const locale = text(order, 'locale') ?? text(customer, 'locale');
  const state: OrderState = {
    id: needed(order, 'id'),
    number: text(order, 'orderNumber'),
    // Imported orders were completed elsewhere.
    placedAt: wasPlaced(order, status, settings)
      ? (text(order, 'completedAt') ?? text(order, 'createdAt'))
      : undefined,
    updatedAt: changedAt(order),
    status,
    shopStatus: text(order, 'orderState'),
    cancelledAt: status === 'cancelled' ? text(order, 'lastModifiedAt') : undefined,
    customer: personOf(order, customer),
    billingAddress: addressOf(order['billingAddress']),
    shippingAddress: addressOf(order['shippingAddress']),
    currency: currencyOf(order),
    ...totalsOf(order, lines),
    coupons: filled(couponsOf(order, true)),
    lines,
    refunds: refundsOf(order),
    shipments: shipmentsOf(order),
    cartId: text(order, 'cart', 'id'),
    subscriptionId: text(order, 'recurringOrder', 'id'),
    isRebill: text(order, 'origin') === 'RecurringOrder' ? true : undefined,
    paymentMethod: paymentMethodOf(order, settings),
    shippingMethod: shippingsOf(order)
      .map((way) => text(way, 'shippingMethodName'))
      .find(Boolean),
    attribution: attributionOf(order),
    store: storeState(text(order, 'store', 'key'), store, locale, settings),
    custom: customOf(order, settings.orderFields),
  };
  return [known({ kind: 'order' as const, ...state })];
}

/** Returns the currency of a row. Throws when it has none. */
export function currencyOf(row: JsonObject): string {
  return needed(row['totalPrice'] as JsonObject, 'currencyCode');
}

/**
 * Returns the discount codes of a row: those that applied, or all that were entered. Rows only have IDs, so the codes are
 * expanded.
 */
export function couponsOf(row: JsonObject, onlyThoseThatCount: boolean): readonly string[] {
  return list(row, 'discountCodes')
    .filter((one) => !onlyThoseThatCount || (text(one, 'state') ?? 'MatchesCart') === 'MatchesCart')
    .flatMap((one) => text(one, 'discountCode', 'obj', 'code') ?? []);
}

function isPaid(order: JsonObject): boolean {
  return ['Paid', 'CreditOwed'].includes(text(order, 'paymentState') ?? '');
}

function statusOf(order: JsonObject, { completeOn }: Settings): OrderState['status'] {
  if (text(order, 'orderState') === 'Cancelled') return 'cancelled';
  return completeOn === 'paid' && !isPaid(order) ? 'open' : 'placed';
}

/** Whether a cancelled order was ever placed: with `completeOn: paid`, it must have been paid. */
function wasPlaced(order: JsonObject, status: OrderState['status'], { completeOn }: Settings): boolean {
  if (status !== 'cancelled' || completeOn !== 'paid') return status !== 'open';
  const { length: charges } = paymentsOf(order)
    .flatMap((payment) => list(payment, 'transactions'))
    .filter((one) => text(one, 'type') === 'Charge' && text(one, 'state') === 'Success');
  return isPaid(order) || charges > 0;
}

function paymentMethodOf(order: JsonObject, settings: Settings): string | undefined {
  const infos = paymentsOf(order).map((payment) => payment['paymentMethodInfo']);
  return infos
    .map(
      (info) =>
        text(info, 'method') ??
        localized((info as JsonObject | undefined)?.['name'], settings.locale) ??
        text(info, 'paymentInterface'),
    )
    .find(Boolean);
}
