import type { Order, ShopModel, Store } from '../model/index.ts';
import { discountOf, itemRows } from './lines.ts';
import { addressRow, decimal, present, type Row, timeText } from './values.ts';

const STATES = { open: 'pending_payment', cancelled: 'canceled' } as const;

function stateOf(order: Order): string {
  if (order.status !== 'placed') return STATES[order.status];
  const refunded = order.refunds.reduce((all, { amount }) => all + amount, 0);
  if (refunded >= order.total && order.total > 0) return 'closed';
  const isSent = order.lines.every(({ id, quantity }) => shippedOf(order, id) >= quantity);
  if (isSent && order.paid) return 'complete';
  return order.paid ? 'processing' : 'new';
}

function sumOf(
  parts: readonly { readonly lines: readonly { readonly lineId: number; readonly quantity: number }[] }[],
  id: number,
): number {
  return parts
    .flatMap(({ lines }) => lines)
    .reduce((all, { lineId, quantity }) => (lineId === id ? all + quantity : all), 0);
}

const shippedOf = (order: Order, id: number): number => sumOf(order.shipments, id);

/** The tax compensation of the discounts of an order. */
function discountsOf(order: Order, store: Store): { amount: number; back: number } {
  const shares = order.lines.flatMap((line) =>
    line.parts.length > 0
      ? line.parts.map(({ discount }) => discountOf(discount, line.taxRate, store))
      : [discountOf(line.discount, line.taxRate, store)],
  );
  return shares.reduce((all, one) => ({ amount: all.amount + one.amount, back: all.back + one.back }), {
    amount: 0,
    back: 0,
  });
}

/** What an integration receives of a payment besides its method. */
const NO_DETAILS = { account_status: null, additional_information: ['Check / Money order'] };
const HISTORY = {
  open: 'pending_payment',
  cancelled: 'canceled',
  paid: 'processing',
  placed: 'pending',
} as const;

/** An order, as from `GET /V1/orders/{id}`. */
export function orderRow(model: ShopModel, order: Order): Row {
  const store = model.tables.store.get(order.storeId);
  const amount = (minor: number): number => decimal(minor, order.currency);
  const inBase = (minor: number): number =>
    decimal(Math.round((amount(minor) / store.rate) * 100), store.baseCurrency);
  const { amount: off, back } = discountsOf(order, store);
  const refunded = order.refunds.reduce((all, one) => all + one.amount, 0);
  const gross = order.lines.reduce((all, { price, quantity }) => all + price * quantity, 0);
  const state = stateOf(order);
  return present({
    entity_id: order.id,
    increment_id: order.number,
    quote_id: order.cartId,
    state,
    status: state === 'new' ? 'pending' : state,
    created_at: timeText(order.createdAt),
    updated_at: timeText(order.updatedAt),
    store_id: store.id,
    store_name: `${store.name}\n${store.name}\n${store.name}`,
    customer_id: order.customerId,
    customer_is_guest: order.customerId === undefined ? 1 : 0,
    customer_email: order.email,
    customer_firstname: order.firstName,
    customer_lastname: order.lastName,
    coupon_code: order.coupon,
    order_currency_code: order.currency,
    base_currency_code: store.baseCurrency,
    base_grand_total: inBase(order.total),
    subtotal: amount(gross),
    discount_amount: off === 0 ? 0 : -amount(off),
    discount_tax_compensation_amount: amount(back),
    shipping_amount: amount(order.shipping),
    shipping_discount_amount: 0,
    shipping_discount_tax_compensation_amount: 0,
    shipping_description: order.shippingMethod,
    shipping_tax_amount: amount(order.shippingTax),
    tax_amount: amount(order.tax),
    grand_total: amount(order.total),
    total_paid: order.paid ? amount(order.total) : undefined,
    total_refunded: refunded === 0 ? undefined : amount(refunded),
    remote_ip: '203.0.113.7',
    relation_parent_id: order.replacesId === undefined ? undefined : String(order.replacesId),
    relation_child_id: order.replacedById === undefined ? undefined : String(order.replacedById),
    items: order.lines.flatMap((line) => {
      const progress = { shipped: shippedOf(order, line.id), refunded: sumOf(order.refunds, line.id) };
      return itemRows(model, line, { ...order, store }, progress);
    }),
    billing_address: { ...addressRow(order.billingAddress, order.email), address_type: 'billing' },
    payment: {
      method: order.paymentMethod === 'card' ? 'braintree' : 'checkmo',
      cc_last4: null,
      ...NO_DETAILS,
    },
    status_histories: historyRows(order),
    extension_attributes: {
      shipping_assignments: [
        {
          shipping: {
            address: { ...addressRow(order.shippingAddress, order.email), address_type: 'shipping' },
            method: 'flatrate_flatrate',
          },
          items: [],
        },
      ],
      ...attributionRow(order),
    },
  });
}

function historyRows(order: Order): readonly Row[] {
  return [...order.history].reverse().map((entry) => ({
    entity_id: entry.id,
    parent_id: order.id,
    comment: entry.comment ?? null,
    is_customer_notified: 0,
    is_visible_on_front: 0,
    created_at: timeText(entry.at),
    status: HISTORY[entry.what as keyof typeof HISTORY] ?? null,
  }));
}

/** The attribution that a module of the shop stores. */
function attributionRow({ attribution }: Order): Row {
  const { source, medium, campaign, term, content, campaignId, templateId } = attribution ?? {};
  return present({
    utm_source: source,
    utm_medium: medium,
    utm_campaign: campaign,
    utm_term: term,
    utm_content: content,
    iterable_campaign_id: campaignId,
    iterable_template_id: templateId,
  });
}

/** The searchable values of an order. */
export function orderField(order: Order, field: string): string | number | undefined {
  switch (field) {
    case 'entity_id':
      return order.id;
    case 'increment_id':
      return order.number;
    case 'created_at':
      return timeText(order.createdAt);
    case 'updated_at':
      return timeText(order.updatedAt);
    case 'store_id':
      return order.storeId;
    case 'customer_email':
      return order.email;
    default:
      return undefined;
  }
}
