import { type OrderState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { type Fact, identify, type Subject, track } from './events.ts';
import { addressTraits, attributionOf, partOf, productsOf, type Properties, storeOf } from './parts.ts';
import { whoOf } from './subject.ts';
import { amountsIn, snakeCase } from './values.ts';
import { linesAsOrdered, withGrowth, withoutRefunded } from './refunds.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'order' } & OrderState;
type Refund = NonNullable<State['refunds']>[number];
type Shipment = NonNullable<State['shipments']>[number];

/**
 * Returns the events of a change of an order. An order that was never placed has none, and one that is first seen late has all
 * its events. The facts of an order have IDs without a version, so each is sent once, in any sequence.
 */
export function orderChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  const wasPlaced = before !== undefined && isPlaced(before);
  if (after.isTest === true && context.settings.testOrders !== true) return [];
  if (!wasPlaced && !isPlaced(after)) return [];
  const addresses = [after.billingAddress, after.shippingAddress];
  const visitor = after.cartId === undefined ? undefined : (['cart', after.cartId] as const);
  const subject: Subject = { state: after, who: whoOf(after, context, addresses, visitor), context };
  const order = propertiesOf(after, context);
  const facts = factsOf(wasPlaced ? before : undefined, withGrowth(before, after), order, context);
  const events = facts.map((fact) => track(subject, fact));
  const contact = guestOf(before, after, subject);
  if (!wasPlaced) {
    const completed = { name: 'Order Completed', key: [after.id], at: after.placedAt, properties: order };
    return [...contact, track(subject, completed), ...events];
  }
  if (!differs(before, after, events.length > 0)) return [...contact, ...events];
  const key = [after.id, versionOf(before, after, context)];
  const updated = { name: 'Order Updated', key, at: after.updatedAt, properties: order };
  return [...contact, track(subject, updated), ...events];
}

/** Returns the events of a deleted order, which was not necessarily cancelled. */
export function orderGone(
  before: State | undefined,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (before === undefined || !isPlaced(before)) return [];
  if (before.isTest === true && context.settings.testOrders !== true) return [];
  const who = whoOf(before, context, [before.billingAddress, before.shippingAddress]);
  const properties = propertiesOf(before, context);
  const time = at ?? new Date(context.now).toISOString();
  return [
    track({ state: before, who, context }, { name: 'Order Deleted', key: [before.id], at: time, properties }),
  ];
}

/** A cancelled order without a time of placement was never placed. */
function isPlaced({ status, placedAt }: State): boolean {
  return status === 'placed' || (status === 'cancelled' && placedAt !== undefined);
}

/** The facts that are new, in the order of time. */
function factsOf(
  before: State | undefined,
  after: State,
  order: Properties,
  context: ChangeContext,
): readonly Fact[] {
  const refunds = byTime(after.refunds ?? [], ({ at }) => at);
  const facts: Fact[] = [];
  for (const [index, refund] of refunds.entries()) {
    if (before?.refunds?.some(({ id }) => id === refund.id) === true) continue;
    facts.push(refunded(after, refund, refunds.slice(0, index + 1), order, context));
  }
  for (const shipment of after.shipments ?? [])
    facts.push(...shipped(before, after, shipment, order, context));
  if (after.status === 'cancelled' && before?.status !== 'cancelled') {
    const properties = { ...order, ...withoutAbsent({ reason: after.cancelReason }) };
    facts.push({ name: 'Order Cancelled', key: [after.id], at: after.cancelledAt, properties });
  }
  return byTime(facts, ({ at }) => at);
}

function refunded(
  state: State,
  refund: Refund,
  soFar: readonly Refund[],
  order: Properties,
  { known }: ChangeContext,
): Fact {
  const { currency, lines, total, placedAt } = state;
  const amount = amountsIn(currency);
  const sum = state.refundedTotal ?? soFar.reduce((all, one) => all + one.amount, 0);
  const whole = refund.lines === undefined && refund.amount === total;
  const properties = {
    ...shared(order),
    ...withoutAbsent({
      refund_id: refund.id,
      total: amount(refund.amount),
      shipping: amount(refund.shipping),
      tax: amount(refund.tax),
      reason: refund.reason,
      order_total: amount(total),
      refunded_total: amount(sum),
      remaining_total: amount(Math.max(0, total - sum)),
      ordered_at: placedAt,
      products: whole
        ? productsOf(lines, currency, known)
        : partOf(refund.lines ?? [], lines, currency, known),
    }),
  };
  return { name: 'Order Refunded', key: [state.id, refund.id], at: refund.at, properties };
}

function shipped(
  before: State | undefined,
  state: State,
  shipment: Shipment,
  order: Properties,
  context: ChangeContext,
): readonly Fact[] {
  const kept = before?.shipments?.find(({ id }) => id === shipment.id);
  const { id, at, carrier, service, trackingNumbers, trackingUrl, deliveredAt } = shipment;
  const { currency, lines, shipments = [] } = state;
  // The only parcel without listed items contains everything.
  const contents =
    shipment.lines === undefined && shipments.length === 1
      ? productsOf(lines, currency, context.known)
      : partOf(shipment.lines ?? [], lines, currency, context.known);
  const properties = {
    ...shared(order),
    ...withoutAbsent({
      shipment_id: id,
      shipped_at: at,
      delivered_at: deliveredAt,
      carrier,
      service,
      tracking_number: trackingNumbers?.[0],
      tracking_numbers: trackingNumbers,
      tracking_url: trackingUrl,
      is_subscription: state.subscriptionId === undefined ? undefined : true,
      shipping_address: order['shipping_address'],
      products: contents,
    }),
  };
  const facts: Fact[] = [];
  if (kept === undefined) facts.push({ name: 'Order Shipped', key: [state.id, id], at, properties });
  else if (!same([kept.trackingNumbers, kept.trackingUrl], [trackingNumbers, trackingUrl])) {
    const key = [state.id, id, versionOf(before, state, context)];
    facts.push({ name: 'Order Tracking Updated', key, at: state.updatedAt, properties });
  }
  if (deliveredAt !== undefined && kept?.deliveredAt === undefined)
    facts.push({ name: 'Order Delivered', key: [state.id, id], at: deliveredAt, properties });
  return facts;
}

/** Whether an order changed, apart from what other events cover. A cancellation covers the whole order. */
function differs(before: State, after: State, hasFacts: boolean): boolean {
  if (after.status === 'cancelled' && before.status !== 'cancelled') return false;
  const rest = ({ status, shopStatus, ...state }: State): unknown => {
    const {
      updatedAt: _updated,
      refunds: _refunds,
      shipments: _shipments,
      visitorKey: _key,
      ...others
    } = state;
    const { cancelledAt: _cancelled, cancelReason: _reason, ...told } = others;
    const own = withoutRefunded({ ...told, lines: linesAsOrdered(told.lines) });
    // Refunds, parcels and cancellations change the status: they have their own events.
    return hasFacts ? own : { ...own, status, shopStatus };
  };
  return !same(rest(before), rest(after));
}

/**
 * The profile of a guest, from the order, as there is no account. Also for a guest with a new, still unknown account: an event
 * under an unknown ID would create another profile.
 */
function guestOf(before: State | undefined, after: State, subject: Subject): readonly SourceEvent[] {
  const { who, context } = subject;
  const account = after.customer?.id;
  const isNew = before?.customer !== undefined && before.customer.id === undefined;
  if (account !== undefined && (!isNew || context.known?.('customer', account) !== undefined)) return [];
  const traitsOf = (state: State): Properties => {
    const address = state.billingAddress ?? state.shippingAddress;
    return {
      ...whoOf(state, context, [state.billingAddress, state.shippingAddress]).traits,
      ...withoutAbsent({ address: address && addressTraits(address) }),
      ...storeOf(state.store, state.currency),
    };
  };
  if (who.traits['email'] === undefined) return [];
  const traits = traitsOf(after);
  const wasTold = account === undefined && before !== undefined && isPlaced(before);
  if (wasTold && same(traitsOf(before), traits)) return [];
  const at = account === undefined ? after.placedAt : after.updatedAt;
  return [identify(subject, ['order', after.id, versionOf(before, after, context)], at, traits)];
}

/** The properties of the order that its refunds and parcels repeat. */
function shared(order: Properties): Properties {
  const names = ['order_id', 'order_number', 'affiliation', 'status', 'shop_status', 'subscription_id'];
  return Object.fromEntries(names.flatMap((name) => (name in order ? [[name, order[name]]] : [])));
}

function propertiesOf(state: State, { known }: ChangeContext): Properties {
  const { currency, subtotal, shipping, tax, total, store, attribution } = state;
  const amount = amountsIn(currency);
  const parts = shipping !== undefined && tax !== undefined ? total - shipping - tax : undefined;
  const refunded = state.refundedTotal ?? state.refunds?.reduce((all, one) => all + one.amount, 0);
  return {
    ...withoutAbsent({
      order_id: state.id,
      order_number: state.number,
      cart_id: state.cartId,
      checkout_id: state.cartId,
      affiliation: store?.name,
      status: state.status,
      shop_status: state.shopStatus,
      subtotal: amount(subtotal),
      total: amount(total),
      revenue: amount(subtotal ?? parts),
      shipping: amount(shipping),
      tax: amount(tax),
      discount: amount(state.discount),
      refunded_total: amount(refunded),
      base_currency: state.baseCurrency,
      base_total:
        state.baseCurrency === undefined ? undefined : amountsIn(state.baseCurrency)(state.baseTotal),
      coupon: state.coupons?.[0],
      coupons: state.coupons,
      products: productsOf(state.lines, currency, known),
      billing_address: snakeCase(state.billingAddress),
      shipping_address: snakeCase(state.shippingAddress),
      payment_method: state.paymentMethod,
      shipping_method: state.shippingMethod,
      replaces: state.replaces,
      replaced_by: state.replacedBy,
      subscription_id: state.subscriptionId,
      is_rebill: state.isRebill,
      is_test: state.isTest,
      custom: state.custom,
    }),
    ...attributionOf(attribution),
  };
}

/** Sorts by time; facts without a time come last, in their order. */
function byTime<T>(values: readonly T[], timeOf: (value: T) => string | undefined): readonly T[] {
  const key = (value: T): number => Date.parse(timeOf(value) ?? '9999-12-31');
  return [...values].sort((a, b) => key(a) - key(b));
}
