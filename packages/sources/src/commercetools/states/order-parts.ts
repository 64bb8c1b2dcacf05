import type { OrderState } from '@waybill/core';
import { filled, type JsonObject, known, latest } from '../../read.ts';
import { at, list, number, text } from '../json.ts';
import { grossOf } from './lines.ts';
import { money } from './parts.ts';
import { shippingsOf } from './totals.ts';

type Refund = NonNullable<OrderState['refunds']>[number];
type Shipment = NonNullable<OrderState['shipments']>[number];
type Part = NonNullable<Refund['lines']>[number];

/** Returns the payments of an order, if they were expanded. */
export function paymentsOf(order: JsonObject): readonly JsonObject[] {
  return list(order, 'paymentInfo', 'payments').flatMap((one) => list({ of: [one['obj']] }, 'of'));
}

/**
 * Returns the refunds: one per transaction. Returned items are recorded separately, so the items of a return are assigned to
 * the refund with their amount, or to the only refund.
 */
export function refundsOf(order: JsonObject): readonly Refund[] | undefined {
  const made = paymentsOf(order)
    .flatMap((payment) => list(payment, 'transactions'))
    .filter((one) => text(one, 'type') === 'Refund' && text(one, 'state') === 'Success');
  const returns = list(order, 'returnInfo')
    .map((one) => returnedParts(order, one))
    .filter((parts) => parts.length > 0);
  const refunds = made.flatMap((one): Refund[] => {
    const id = text(one, 'id');
    const amount = money(one, 'amount');
    if (id === undefined || amount === undefined) return [];
    const own = returns.findIndex((parts) => valueOf(parts) === amount);
    const isOnly = made.length === 1 && returns.length === 1;
    const lines = own >= 0 ? returns.splice(own, 1)[0] : isOnly ? returns[0] : undefined;
    return [known({ id, at: text(one, 'timestamp'), amount, lines })];
  });
  return filled(refunds);
}

function returnedParts(order: JsonObject, info: JsonObject): readonly Part[] {
  return list(info, 'items')
    .filter((item) => text(item, 'paymentState') === 'Refunded')
    .flatMap((item): Part[] => {
      const lineId = text(item, 'lineItemId') ?? text(item, 'customLineItemId');
      const quantity = number(item, 'quantity') ?? 0;
      const lines = [...list(order, 'lineItems'), ...list(order, 'customLineItems')];
      const line = lines.find((one) => text(one, 'id') === lineId);
      if (line === undefined || lineId === undefined) return [];
      const gross = grossOf(line);
      const of = number(line, 'quantity') ?? 1;
      const amount = gross === undefined || of === 0 ? undefined : Math.round((gross * quantity) / of);
      return [known({ lineId, quantity, amount })];
    });
}

function valueOf(parts: readonly Part[]): number {
  return parts.reduce((all, { amount = 0 }) => all + amount, 0);
}

const ARRIVED = 'Delivered';

/**
 * Returns the sent parcels: those with tracking, and the others once the order is marked as sent. A delivery without parcels
 * counts as one.
 */
export function shipmentsOf(order: JsonObject): readonly Shipment[] | undefined {
  const state = text(order, 'shipmentState');
  const isSent = state === 'Shipped' || state === ARRIVED;
  const deliveredAt = state === ARRIVED ? text(order, 'lastModifiedAt') : undefined;
  const all = shippingsOf(order).flatMap((way) =>
    list(way, 'deliveries').flatMap((delivery) => {
      const parcels = list(delivery, 'parcels').filter((one) => at(one, 'trackingData', 'isReturn') !== true);
      const sent = parcels.filter((one) => isSent || text(one, 'trackingData', 'trackingId') !== undefined);
      const all = list(delivery, 'parcels').length === 0 && isSent ? [delivery] : sent;
      // A single parcel has the items of its delivery, unless it lists its own.
      const contents = parcels.length <= 1 ? delivery : undefined;
      return all.map((one) => shipmentOf(one, contents, text(way, 'shippingMethodName'), deliveredAt));
    }),
  );
  return filled(all.filter((one) => one !== undefined));
}

function shipmentOf(
  parcel: JsonObject,
  delivery: JsonObject | undefined,
  service: string | undefined,
  deliveredAt: string | undefined,
): Shipment | undefined {
  const id = text(parcel, 'id');
  const tracking = text(parcel, 'trackingData', 'trackingId');
  const own = partsOf(parcel);
  return id === undefined
    ? undefined
    : known({
        id,
        at: text(parcel, 'createdAt'),
        carrier: text(parcel, 'trackingData', 'carrier'),
        service,
        trackingNumbers: tracking === undefined ? undefined : [tracking],
        deliveredAt,
        lines: filled(own.length > 0 ? own : partsOf(delivery)),
      });
}

function partsOf(value: JsonObject | undefined): readonly Part[] {
  return list(value, 'items').map((item) =>
    known({ lineId: text(item, 'id'), quantity: number(item, 'quantity') }),
  );
}

/** Returns when any part of an order last changed: a refund only changes the payment. */
export function changedAt(order: JsonObject): string | undefined {
  return latest([order, ...paymentsOf(order)].map((one) => text(one, 'lastModifiedAt')));
}
