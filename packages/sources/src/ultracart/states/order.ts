import { type OrderState, type ShopState, withoutAbsent } from '@waybill/core';
import { filled, idOf, type JsonObject, listOf, must, recordOf, some, textOf, timeOf } from '../../read.ts';
import type { Settings } from '../settings.ts';
import { consentsAtCheckout } from './consent.ts';
import { visitorKeyOf } from '../../visitor-key.ts';
import { orderLines } from './lines.ts';
import {
  addressOf,
  attributionOf,
  moneyIn,
  type Money,
  newestOf,
  phoneOf,
  propertiesOf,
  storeOf,
  wantedOf,
} from './parts.ts';
import { shipmentsOf } from './shipments.ts';

/** Stages in which a payment may still fail. */
const UNSETTLED = new Set([
  'Accounts Receivable',
  'Pending Clearance',
  'Fraud Review',
  'Hold',
  'Pre-ordered',
]);
/** Stages before an order. */
const QUOTES = new Set(['Quote Request', 'Quote Sent']);
const PAID = new Set(['Processed', 'Refunded', 'Skipped']);

type Customer = NonNullable<OrderState['customer']>;

/** Converts an order to states: the order, and consents from the checkout. */
export function orderStates(order: JsonObject, settings: Settings): readonly ShopState[] {
  const customer = customerOf(order);
  const state = orderState(order, customer, settings);
  if (state.placedAt === undefined) return [state];
  const { mailing_list: email, cell_phone_opt_in: sms } = recordOf(order, 'marketing');
  const at = timeOf(order, 'creation_dts');
  return [state, ...consentsAtCheckout({ email, sms }, { customer, at, store: state.store })];
}

function orderState(
  order: JsonObject,
  customer: Customer | undefined,
  settings: Settings,
): Extract<ShopState, { readonly kind: 'order' }> {
  const id = must(idOf(order, 'order_id'), 'order_id');
  const money = moneyIn(order, settings.currency ?? 'USD');
  const summary = recordOf(order, 'summary');
  const payment = recordOf(order, 'payment');
  const autoOrder = recordOf(order, 'auto_order');
  const subscriptionId = idOf(autoOrder, 'auto_order_oid');
  const shipping = recordOf(order, 'shipping');
  const status = statusOf(order, settings);
  const address = textOf(recordOf(order, 'checkout'), 'customer_ip_address');
  const isRebill = subscriptionId !== undefined && textOf(autoOrder, 'original_order_id') !== id;
  return {
    kind: 'order',
    ...some({
      id,
      number: id,
      placedAt: placedAt(order, status, settings),
      updatedAt: updatedAt(order),
      status,
      shopStatus: textOf(order, 'current_stage'),
      cancelledAt: status === 'cancelled' ? timeOf(order, 'reject_dts') : undefined,
      cancelReason: status === 'cancelled' ? textOf(order, 'reject_reason') : undefined,
      isTest: payment['test_order'] === true ? true : undefined,
      customer,
      billingAddress: addressOf(recordOf(order, 'billing')),
      shippingAddress: addressOf(shipping),
      currency: money.currency,
      ...amountsOf(summary, money),
      ...refundedOf(order, money),
      coupons: couponsOf(order),
      lines: orderLines(order, money),
      shipments: shipmentsOf(order),
      visitorKey: address === undefined ? undefined : visitorKeyOf(id, address),
      subscriptionId,
      isRebill: isRebill ? true : undefined,
      paymentMethod: textOf(payment, 'payment_method'),
      shippingMethod: textOf(shipping, 'shipping_method'),
      attribution: attributionOf(order),
      store: storeOf(order),
      custom: customOf(order, settings),
    } satisfies OrderState)!,
  } as Extract<ShopState, { readonly kind: 'order' }>;
}

function statusOf(order: JsonObject, { completeOn }: Settings): OrderState['status'] {
  const stage = textOf(order, 'current_stage') ?? '';
  if (stage === 'Rejected') return 'cancelled';
  if (QUOTES.has(stage)) return 'open';
  return completeOn === 'paid' && UNSETTLED.has(stage) && !isPaid(order) ? 'open' : 'placed';
}

function isPaid(order: JsonObject): boolean {
  return PAID.has(textOf(recordOf(order, 'payment'), 'payment_status') ?? '');
}

/** When an order was placed; absent for one that was rejected before. */
function placedAt(
  order: JsonObject,
  status: OrderState['status'],
  { completeOn }: Settings,
): string | undefined {
  if (status === 'open') return undefined;
  const created = timeOf(order, 'creation_dts');
  if (completeOn !== 'paid') return created;
  const paid = timeOf(recordOf(order, 'payment'), 'payment_dts');
  return status === 'cancelled' && !isPaid(order) ? undefined : (paid ?? created);
}

/** UltraCart has no time of change for orders: the newest of its times is the best approximation. */
function updatedAt(order: JsonObject): string | undefined {
  const shipping = recordOf(order, 'shipping');
  return newestOf([
    timeOf(order, 'creation_dts'),
    timeOf(order, 'refund_dts'),
    timeOf(order, 'reject_dts'),
    timeOf(recordOf(order, 'payment'), 'payment_dts'),
    timeOf(shipping, 'shipping_date'),
    ...listOf(shipping, 'tracking_number_details').flatMap((one) => [
      timeOf(one, 'shipped_date'),
      timeOf(one, 'actual_delivery_date'),
    ]),
    ...listOf(order, 'current_stage_histories').map((one) => timeOf(one, 'transition_dts')),
  ]);
}

function customerOf(order: JsonObject): Customer | undefined {
  const billing = recordOf(order, 'billing');
  const profile = recordOf(order, 'customer_profile');
  return some({
    id: idOf(profile, 'customer_profile_oid'),
    email: textOf(billing, 'email') ?? textOf(profile, 'email'),
    phone: phoneOf(billing),
    firstName: textOf(billing, 'first_name'),
    lastName: textOf(billing, 'last_name'),
  });
}

/** The total is UltraCart's: surcharges and gifts are in no other part. */
function amountsOf(summary: JsonObject, money: Money) {
  const of = (name: string): number => money.of(summary, name) ?? 0;
  const offShipping = of('shipping_handling_total_discount');
  const offSubtotal = of('subtotal_discount');
  const subtotal = money.of(summary, 'subtotal');
  const baseTotal = money.baseOf(summary, 'total');
  return {
    subtotal: subtotal === undefined ? undefined : subtotal - offSubtotal,
    discount: offSubtotal + offShipping,
    shipping: of('shipping_handling_total') - offShipping,
    tax: of('tax'),
    total: must(money.of(summary, 'total'), 'summary.total'),
    ...(money.currency === money.base ? {} : { baseCurrency: money.base, baseTotal }),
  };
}

/** UltraCart only has the total refund, with its parts for shipping and tax. */
function refundedOf(order: JsonObject, money: Money): Partial<OrderState> {
  const summary = recordOf(order, 'summary');
  const total = money.of(summary, 'total_refunded') ?? 0;
  if (total <= 0) return {};
  return withoutAbsent({
    refundedTotal: total,
    refundedShipping: money.of(summary, 'shipping_handling_refunded'),
    refundedTax: money.of(summary, 'tax_refunded'),
    refundedAt: timeOf(order, 'refund_dts'),
    refundReason: textOf(order, 'refund_reason'),
  });
}

function couponsOf(order: JsonObject): readonly string[] | undefined {
  return filled(
    listOf(order, 'coupons').flatMap(
      (one) => textOf(one, 'base_coupon_code') ?? textOf(one, 'coupon_code') ?? [],
    ),
  );
}

function customOf(
  order: JsonObject,
  { orderFields }: Settings,
): Readonly<Record<string, unknown>> | undefined {
  const properties = propertiesOf(order);
  const checkout = recordOf(order, 'checkout');
  const marketing = recordOf(order, 'marketing');
  const affiliates = listOf(order, 'affiliates').flatMap((one) => idOf(one, 'affiliate_oid') ?? []);
  const ofCheckout = (name: string): string | undefined =>
    /^custom_field\d{1,2}$/.test(name) ? textOf(checkout, name) : undefined;
  return some({
    advertisingSource: textOf(marketing, 'advertising_source'),
    referralCode: textOf(marketing, 'referral_code'),
    affiliates: filled(affiliates),
    ...wantedOf(orderFields, (name) => properties.get(name) ?? ofCheckout(name)),
  });
}
