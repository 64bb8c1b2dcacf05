import type { Order, ShopModel, Subscription } from '../model/index.ts';
import { addressOf, amount, dts, hostOf, languageOf, optionsOf, plain } from './values.ts';

/** The number of an order. */
export function orderId({ id }: Pick<Order, 'id'>): string {
  return `DEMO-${String(id).padStart(10, '0')}`;
}

/** The searchable times of an order, by filter name. */
export const MOMENTS: Readonly<Record<string, (order: Order) => number | undefined>> = {
  creation_date: ({ createdAt }) => createdAt,
  payment_date: (order) => order.history.find(({ what }) => what === 'paid')?.at ?? paidAtOnce(order),
  shipped_on_date: ({ shipments }) => shipments.at(-1)?.at,
  refund_date: ({ refunds }) => refunds.at(-1)?.at,
};

function paidAtOnce({ paid, createdAt }: Order): number | undefined {
  return paid ? createdAt : undefined;
}

function stageOf({ status, paid, shipments }: Order): string {
  if (status === 'cancelled') return 'Rejected';
  if (status === 'open' || !paid) return 'Accounts Receivable';
  return shipments.length > 0 ? 'Completed Order' : 'Shipping Department';
}

/** An order of the API, with all parts. */
export function orderRow(model: ShopModel, order: Order) {
  const store = model.tables.store.get(order.storeId);
  const of = (minor: number) => amount(minor, store);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const subtotal = sum(order.lines.map(({ price, quantity }) => price * quantity));
  const subscription = model.tables.subscription.find(order.subscriptionId ?? 0);
  const refunded = order.refunds.at(-1);
  const shipped = order.shipments.at(-1);
  const paidAt = MOMENTS['payment_date']!(order);
  const { source, medium, campaign } = order.attribution ?? {};
  return {
    merchant_id: 'DEMO',
    order_id: orderId(order),
    current_stage: stageOf(order),
    creation_dts: dts(order.createdAt),
    currency_code: store.currency === 'EUR' ? undefined : store.currency,
    language_iso_code: languageOf(store),
    refund_dts: refunded && dts(refunded.at),
    refund_reason: refunded?.reason,
    reject_dts: order.cancelledAt && dts(order.cancelledAt),
    reject_reason: order.cancelReason,
    billing: { ...addressOf(order.billingAddress), email: order.email },
    shipping: {
      ...addressOf(order.shippingAddress),
      shipping_method: order.shippingMethod,
      shipping_date: shipped && dts(shipped.at),
      tracking_numbers: [''],
      tracking_number_details: order.shipments.flatMap((one) =>
        one.trackings.map(({ number }) => ({
          tracking_number: number,
          shipping_method: one.service,
          shipped_date: dts(one.at),
          actual_delivery_date: one.deliveredAt && dts(one.deliveredAt),
        })),
      ),
    },
    summary: {
      subtotal: of(subtotal),
      subtotal_discount: of(subtotal - order.subtotal),
      shipping_handling_total: of(order.shipping),
      shipping_handling_total_discount: of(0),
      tax: of(order.tax),
      total: of(order.total),
      subtotal_refunded: of(sum(order.refunds.map(({ amount: all, shipping, tax }) => all - shipping - tax))),
      shipping_handling_refunded: of(sum(order.refunds.map(({ shipping }) => shipping))),
      tax_refunded: of(sum(order.refunds.map(({ tax }) => tax))),
      total_refunded: of(sum(order.refunds.map((one) => one.amount))),
    },
    items: itemsOf(model, order),
    coupons:
      order.coupon === undefined ? [] : [{ coupon_code: order.coupon, base_coupon_code: order.coupon }],
    marketing: { mailing_list: order.optIn, cell_phone_opt_in: order.smsOptIn },
    utms: source === undefined ? [] : [{ utm_source: source, utm_medium: medium, utm_campaign: campaign }],
    properties: [],
    checkout: { storefront_host_name: hostOf(store), customer_ip_address: '127.0.0.1' },
    payment: {
      payment_method: order.paymentMethod === 'card' ? 'Credit Card' : 'Purchase Order',
      payment_status: order.paid ? 'Processed' : 'Declined',
      payment_dts: paidAt && dts(paidAt),
      test_order: order.isTest,
    },
    customer_profile: order.customerId === undefined ? undefined : { customer_profile_oid: order.customerId },
    auto_order: subscription && {
      auto_order_oid: subscription.id,
      original_order_id: orderId({ id: subscription.originOrderId }),
      status: subscription.status === 'cancelled' ? 'canceled' : 'active',
    },
  };
}

function itemsOf(model: ShopModel, order: Order) {
  const store = model.tables.store.get(order.storeId);
  const of = (minor: number) => amount(minor, store);
  return order.lines.flatMap((line) => {
    const back = order.refunds.flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === line.id));
    const sent = order.shipments.find(({ lines }) => lines.some(({ lineId }) => lineId === line.id));
    const item = {
      item_index: line.id,
      merchant_item_id: line.sku,
      quantity: line.quantity,
      description: line.name,
      cost: of(line.price),
      total_cost_with_discount: of(line.total),
      quantity_refunded: back.reduce((all, { quantity }) => all + quantity, 0),
      total_refunded: of(back.reduce((all, one) => all + one.amount, 0)),
      shipped_dts: sent && dts(sent.at),
      kit: line.parts.length > 0,
      kit_component: false,
      options: optionsOf(model, line),
    };
    const parts = line.parts.map((part) => ({
      item_index: line.id,
      merchant_item_id: part.sku,
      quantity: part.quantity,
      description: part.name,
      cost: of(0),
      kit_component: true,
      parent_item_index: line.id,
    }));
    return [item, ...parts];
  });
}

const FREQUENCIES = { day: 'Every...', week: 'Weekly', month: 'Monthly' } as const;

/** A subscription as an auto order. */
export function autoOrderRow(model: ShopModel, one: Subscription) {
  const rebills = one.orderIds.slice(1).map((id) => model.tables.order.get(id));
  return {
    merchant_id: 'DEMO',
    auto_order_oid: one.id,
    auto_order_code: `CODE${one.id}`,
    original_order_id: orderId({ id: one.originOrderId }),
    status: one.status === 'cancelled' ? 'canceled' : 'active',
    enabled: one.status !== 'cancelled',
    canceled_dts: one.cancelledAt && dts(one.cancelledAt),
    cancel_reason: one.cancelReason,
    credit_card_attempt: one.failures,
    next_attempt: one.nextAt && dts(one.nextAt),
    items: one.lines.map((line) => ({
      auto_order_item_oid: line.id,
      original_item_id: line.sku,
      original_quantity: line.quantity,
      frequency: FREQUENCIES[one.interval.unit],
      number_of_rebills: rebills.length,
      last_order_dts: dts(one.lastOrderAt),
      paused: one.status === 'paused',
      rebill_value: plain(line.total, one.currency),
    })),
    rebill_orders: rebills.map((order) => ({ order_id: orderId(order), creation_dts: dts(order.createdAt) })),
  };
}
