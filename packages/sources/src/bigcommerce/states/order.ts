import { currencyDigits, minorOf, type OrderState, type ShopState } from '@waybill/core';
import {
  filled,
  idOf,
  type JsonObject,
  listOf,
  moneyOf,
  must,
  numberOf,
  recordOf,
  some,
  textOf,
  timeOf,
} from '../../read.ts';
import type { OrderRow } from '../rows.ts';
import { orderLines, plainAmount, shippingOf } from './lines.ts';
import { addressOf, personOf, storeOfChannel } from './parts.ts';

/** Payment page reached, not paid. */
const INCOMPLETE = '0';
const CANCELLED = '5';
/** The payment was refused: there was never an order, unless it was seen as one. */
const DECLINED = '6';

/** Converts an order to a state. */
export function orderState({ order, coupons, shipments, refunds, channel }: OrderRow): ShopState {
  const id = must(idOf(order, 'id'), 'id');
  const currency = currencyOf(order);
  const status = textOf(order, 'status_id');
  const total = must(moneyOf(order, 'total_inc_tax', currency), 'total_inc_tax');
  const shipping = shippingOf(order);
  const billing = recordOf(order, 'billing_address');
  return {
    kind: 'order',
    ...some({
      id,
      number: id,
      placedAt: status === INCOMPLETE || status === DECLINED ? undefined : timeOf(order, 'date_created'),
      updatedAt: timeOf(order, 'date_modified'),
      status: statusOf(status),
      shopStatus: textOf(order, 'status'),
      isTest: /^test payment/i.test(textOf(order, 'payment_method') ?? '') ? true : undefined,
      customer: personOf(order, billing),
      billingAddress: addressOf(billing),
      shippingAddress: addressOf(shipping),
      currency,
      ...moneyOfOrder(order, currency),
      total,
      ...baseOf(order, currency, total),
      coupons: filled(coupons.map((one) => textOf(one, 'code')).filter((code) => code !== undefined)),
      lines: orderLines(order, currency),
      refunds: filled(refunds.filter(isRefund).map((refund) => refundOf(refund, order, currency))),
      shipments: filled(shipments.map(shipmentOf)),
      cartId: textOf(order, 'cart_id'),
      paymentMethod: textOf(order, 'payment_method'),
      shippingMethod: textOf(shipping, 'shipping_method'),
      store: storeOfChannel(channel, textOf(order, 'customer_locale')),
      custom: some({
        orderSource: textOf(order, 'order_source'),
        externalSource: textOf(order, 'external_source'),
        externalId: textOf(order, 'external_id'),
        externalOrderId: textOf(order, 'external_order_id'),
        storeCredit: plainAmount(order, 'store_credit_amount', currency),
        giftCertificates: plainAmount(order, 'gift_certificate_amount', currency),
        handling: plainAmount(order, 'handling_cost_ex_tax', currency),
        wrapping: plainAmount(order, 'wrapping_cost_ex_tax', currency),
      }),
    } satisfies OrderState)!,
  } as ShopState;
}

/** The currency of the payment: `currency_code` is the displayed one. */
function currencyOf(order: JsonObject): string {
  return must(textOf(order, 'default_currency_code') ?? textOf(order, 'currency_code'), 'currency');
}

function statusOf(status: string | undefined): OrderState['status'] {
  if (status === INCOMPLETE) return 'open';
  return status === CANCELLED || status === DECLINED ? 'cancelled' : 'placed';
}

function moneyOfOrder(order: JsonObject, currency: string) {
  const of = (name: string): number => moneyOf(order, name, currency) ?? 0;
  const taken = of('discount_amount') + of('coupon_discount');
  const besides = of('shipping_cost_ex_tax') + of('handling_cost_ex_tax') + of('wrapping_cost_ex_tax');
  const subtotal = of('total_ex_tax') - besides - feesOf(order, currency, taken);
  return {
    subtotal,
    // Discounts include their tax, except in the subtotals.
    discount: taken === 0 ? 0 : Math.max(0, of('subtotal_ex_tax') - subtotal),
    shipping: of('shipping_cost_ex_tax'),
    tax: of('total_tax'),
  };
}

/** The fees of an order, if its total includes them: then the parts, with tax and discounts, add up to the total. */
function feesOf(order: JsonObject, currency: string, taken: number): number {
  const fees = listOf(order, 'fees');
  if (fees.length === 0) return 0;
  const of = (row: JsonObject, name: string): number => moneyOf(row, name, currency) ?? 0;
  const all = (name: string): number => fees.reduce((sum, fee) => sum + of(fee, name), 0);
  const costs = ['subtotal', 'shipping_cost', 'handling_cost', 'wrapping_cost'];
  const parts = costs.reduce((sum, name) => sum + of(order, `${name}_inc_tax`), 0) - taken;
  const rest = of(order, 'total_inc_tax') - parts;
  return Math.abs(rest - all('cost_inc_tax')) <= 1 ? all('cost_ex_tax') : 0;
}

/** The total in the base currency, at the rate of the order. */
function baseOf(
  order: JsonObject,
  currency: string,
  total: number,
): Pick<OrderState, 'baseCurrency' | 'baseTotal'> {
  const baseCurrency = textOf(order, 'store_default_currency_code');
  if (baseCurrency === undefined || baseCurrency === currency) return {};
  const rate = numberOf(order, 'store_default_to_transactional_exchange_rate');
  if (rate === undefined || rate <= 0) return { baseCurrency };
  const amount = total / 10 ** currencyDigits(currency) / rate;
  return { baseCurrency, baseTotal: minorOf(amount.toFixed(8), baseCurrency) };
}

/** Whether money was refunded: not when every payment was declined. */
function isRefund(refund: JsonObject): boolean {
  const payments = listOf(refund, 'payments');
  return payments.length === 0 || payments.some((payment) => payment['is_declined'] !== true);
}

function refundOf(
  refund: JsonObject,
  order: JsonObject,
  currency: string,
): NonNullable<OrderState['refunds']>[number] {
  const items = listOf(refund, 'items');
  const ofType = (type: string): readonly JsonObject[] => items.filter((item) => item['item_type'] === type);
  return some({
    id: must(idOf(refund, 'id'), 'id of a refund'),
    at: timeOf(refund, 'created'),
    amount: must(moneyOf(refund, 'total_amount', currency), 'amount of a refund'),
    shipping: refundedShipping(items, order, currency),
    tax: moneyOf(refund, 'total_tax', currency),
    reason: textOf(refund, 'reason'),
    lines: filled(
      ofType('PRODUCT').map((item) =>
        some({
          lineId: idOf(item, 'item_id'),
          quantity: numberOf(item, 'quantity'),
          amount: moneyOf(item, 'requested_amount', currency),
        })!,
      ),
    ),
  })!;
}

/** The part for shipping, without tax; unknown when items do not contain it. */
function refundedShipping(
  items: readonly JsonObject[],
  order: JsonObject,
  currency: string,
): number | undefined {
  if (items.length === 0) return undefined;
  const amounts = items
    .filter((item) => item['item_type'] === 'SHIPPING')
    .map((item) => moneyOf(item, 'requested_amount', currency));
  if (amounts.some((amount) => amount === undefined)) return undefined;
  const gross = amounts.reduce<number>((sum, amount) => sum + amount!, 0);
  const paid = moneyOf(order, 'shipping_cost_inc_tax', currency) ?? 0;
  const net = moneyOf(order, 'shipping_cost_ex_tax', currency) ?? paid;
  return paid === 0 ? gross : Math.round((gross * net) / paid);
}

function shipmentOf(shipment: JsonObject): NonNullable<OrderState['shipments']>[number] {
  const number = textOf(shipment, 'tracking_number');
  return some({
    id: must(idOf(shipment, 'id'), 'id of a shipment'),
    at: timeOf(shipment, 'date_created'),
    carrier:
      textOf(shipment, 'shipping_provider_display_name') ??
      textOf(shipment, 'tracking_carrier') ??
      textOf(shipment, 'shipping_provider'),
    service: textOf(shipment, 'shipping_method'),
    trackingNumbers: number === undefined ? undefined : [number],
    trackingUrl: textOf(shipment, 'tracking_link') ?? textOf(shipment, 'generated_tracking_link'),
    lines: filled(
      listOf(shipment, 'items').map((item) =>
        some({ lineId: idOf(item, 'order_product_id'), quantity: numberOf(item, 'quantity') })!,
      ),
    ),
  })!;
}
