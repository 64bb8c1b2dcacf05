import type { OrderState, ShopAddress, ShopAttribution, ShopPerson, ShopState } from '@waybill/core';

import { addressOf } from './address.ts';
import { known, latest, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, memberOf, numberOf, textOf, timeOf } from '../json.ts';
import { type Money, moneyIn, orderLines } from './order-lines.ts';
import { refundsOf, shipmentsOf } from './order-parts.ts';
import type { Settings } from '../settings.ts';
import { storeOf, type StoreView } from '../stores.ts';

/** An order with its related resources. */
export interface OrderRow {
  readonly order: JsonObject;
  readonly creditmemos: readonly JsonObject[];
  readonly shipments: readonly JsonObject[];
  readonly view?: StoreView | undefined;
}

/** Converts an order to states. Throws for one without an ID, a currency or a total. */
export function orderStates(row: OrderRow, settings: Settings): readonly ShopState[] {
  const { order, view, creditmemos, shipments } = row;
  const id = idOf(order['entity_id']);
  const currency = textOf(order['order_currency_code']);
  if (id === undefined || currency === undefined) throw new Error('The order has no id or no currency.');
  const money = moneyIn(currency);
  const total = money(order['grand_total']);
  if (total === undefined) throw new Error('The order has no total.');
  const status = statusOf(order, settings);
  const placedAt = wasPlaced(order, status) ? timeOf(order['created_at']) : undefined;
  const coupon = textOf(order['coupon_code']);
  const addresses = addressesOf(order);
  const baseCurrency = textOf(order['base_currency_code']);
  const state: OrderState = {
    id,
    number: textOf(order['increment_id']),
    placedAt,
    updatedAt: changedAt(row),
    status,
    shopStatus: textOf(order['status']),
    cancelledAt: status === 'cancelled' ? cancelledAt(order) : undefined,
    customer: personOf(order, addresses),
    ...addresses,
    currency,
    ...totalsOf(order, money),
    total,
    baseCurrency,
    baseTotal: baseCurrency === undefined ? undefined : moneyIn(baseCurrency)(order['base_grand_total']),
    coupons: coupon === undefined ? undefined : [coupon],
    lines: orderLines(order, money),
    refunds: refundsOf(order, creditmemos, money),
    shipments: shipmentsOf(order, shipments),
    replaces: idOf(order['relation_parent_id']),
    replacedBy: idOf(order['relation_child_id']),
    cartId: idOf(order['quote_id']),
    paymentMethod: textOf(memberOf(order['payment'], 'method')),
    shippingMethod: textOf(order['shipping_description']),
    attribution: attributionOf(order, settings),
    store: storeOf(idOf(order['store_id']), view),
    custom: customOf(order, settings),
  };
  return [known({ kind: 'order' as const, ...state })];
}

/** When any part of an order last changed: a later tracking number does not change the order itself. */
function changedAt({ order, creditmemos, shipments }: OrderRow): string | undefined {
  const tracks = shipments.flatMap((one) => objectsOf(one['tracks']));
  const all = [order, ...creditmemos, ...shipments, ...tracks];
  return latest(all.flatMap((one) => [timeOf(one['updated_at']), timeOf(one['created_at'])]));
}

const UNPAID = ['pending_payment', 'payment_review'];

/** The status of an order. A partial refund can set a complete order back to `new`, so payments take precedence. */
function statusOf(order: JsonObject, { completeOn }: Settings): OrderState['status'] {
  const said = textOf(order['state']);
  const state = said === 'holded' ? (textOf(order['hold_before_state']) ?? 'processing') : said;
  if (state === 'canceled') return 'cancelled';
  if (isPaid(order)) return 'placed';
  if (state === undefined || UNPAID.includes(state)) return 'open';
  return completeOn === 'paid' && state === 'new' ? 'open' : 'placed';
}

function isPaid(order: JsonObject): boolean {
  return ['total_paid', 'total_invoiced'].some((name) => (numberOf(order[name]) ?? 0) > 0);
}

/** Whether it was ever placed: Magento cancels orders with failed payments after a while. */
function wasPlaced(order: JsonObject, status: OrderState['status']): boolean {
  if (status !== 'cancelled') return status === 'placed';
  const history = objectsOf(order['status_histories']);
  return isPaid(order) || !history.some((one) => UNPAID.includes(textOf(one['status']) ?? ''));
}

function cancelledAt(order: JsonObject): string | undefined {
  const said = objectsOf(order['status_histories']).find((one) => textOf(one['status']) === 'canceled');
  return timeOf(said?.['created_at']) ?? timeOf(order['updated_at']);
}

/** Tax and discounts are sums over items and shipping: so subtotal, shipping and tax add up to the total. */
function totalsOf(
  order: JsonObject,
  money: Money,
): Pick<OrderState, 'subtotal' | 'discount' | 'shipping' | 'tax'> {
  const of = (name: string): number => money(order[name]) ?? 0;
  const offShipping = of('shipping_discount_amount') - of('shipping_discount_tax_compensation_amount');
  const offLines =
    Math.abs(of('discount_amount')) - of('shipping_discount_amount') - of('discount_tax_compensation_amount');
  return {
    subtotal: of('subtotal') - offLines,
    discount: offLines + offShipping,
    shipping: of('shipping_amount') - offShipping,
    tax: of('tax_amount'),
  };
}

interface Addresses {
  readonly billingAddress?: ShopAddress | undefined;
  readonly shippingAddress?: ShopAddress | undefined;
}

function addressesOf(order: JsonObject): Addresses {
  const [assignment] = objectsOf(memberOf(order['extension_attributes'], 'shipping_assignments'));
  return {
    billingAddress: addressOf(order['billing_address']),
    shippingAddress: addressOf(memberOf(assignment?.['shipping'], 'address')),
  };
}

function personOf(order: JsonObject, { billingAddress, shippingAddress }: Addresses): ShopPerson {
  const isGuest = numberOf(order['customer_is_guest']) === 1;
  return known({
    id: isGuest ? undefined : idOf(order['customer_id']),
    email: textOf(order['customer_email']) ?? textOf(memberOf(order['billing_address'], 'email')),
    phone: billingAddress?.phone ?? shippingAddress?.phone,
    firstName: textOf(order['customer_firstname']) ?? billingAddress?.firstName,
    lastName: textOf(order['customer_lastname']) ?? billingAddress?.lastName,
  });
}

/** The extension attributes of modules that the settings name. */
function customOf(order: JsonObject, { orderAttributes = [] }: Settings): JsonObject | undefined {
  const found = orderAttributes.flatMap((name) => {
    const value = memberOf(order['extension_attributes'], name);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

const ATTRIBUTION = {
  source: 'utm_source',
  medium: 'utm_medium',
  campaign: 'utm_campaign',
  term: 'utm_term',
  content: 'utm_content',
  id: 'utm_id',
  campaignId: 'iterable_campaign_id',
  templateId: 'iterable_template_id',
  messageId: 'iterable_message_id',
} as const satisfies Partial<Record<keyof ShopAttribution, string>>;

function attributionOf(order: JsonObject, settings: Settings): ShopAttribution | undefined {
  const custom = customOf(order, settings);
  const found = Object.entries(ATTRIBUTION).flatMap(([name, attribute]) => {
    const value = textOf(custom?.[attribute]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
