import { amountOf } from '@waybill/core';
import { amountsOf } from '../order-money.ts';
import type { OrderRecord } from '../order-record.ts';
import { type Facts, isEdited } from './facts.ts';

/** The statuses of an order, in order of precedence. */
export const STATUSES = [
  'placed',
  'updated',
  'shipped',
  'delivered',
  'partially_refunded',
  'refunded',
  'cancelled',
] as const;

/** The status of an order. */
export type Status = (typeof STATUSES)[number];

/** The current view of an order. */
export interface Picture {
  readonly status: Status;
  readonly fulfillment: 'open' | 'shipped' | 'delivered';
  /** Whether it is not undone, so that messages after a purchase may be sent. */
  readonly is_active: boolean;
  readonly placed_at?: string;
  readonly total?: number;
  readonly currency?: string;
  readonly refunded?: number;
  readonly remaining?: number;
  readonly subscription_id?: string;
}

/** Returns the current view of an order. */
export function pictureOf(facts: Facts): Picture {
  const { order } = facts;
  const amounts = amountsOf(order);
  const refunded = amounts?.refunded ?? 0;
  const isWhole = Object.values(order.refunds ?? {}).some(({ value }) => value.whole === true);
  const all = isWhole || (amounts !== undefined && refunded > 0 && refunded >= amounts.total);
  const some = refunded > 0 || Object.keys(order.refunds ?? {}).length > 0;
  const fulfillment = fulfillmentOf(order);
  const status: Status =
    order.cancelled !== undefined
      ? 'cancelled'
      : all
        ? 'refunded'
        : some
          ? 'partially_refunded'
          : fulfillment !== 'open'
            ? fulfillment
            : isEdited(facts)
              ? 'updated'
              : 'placed';
  return {
    status,
    fulfillment,
    is_active: order.cancelled === undefined && !all && order.replaced !== true,
    ...(order.placed === undefined ? {} : { placed_at: order.placed.value }),
    ...moneyOf(order),
    ...(order.subscription === undefined ? {} : { subscription_id: order.subscription.value }),
  };
}

function fulfillmentOf({ parcels = {} }: OrderRecord): Picture['fulfillment'] {
  const all = Object.entries(parcels);
  // A page reports a parcel of the shop without an ID: if there are IDs, only those count.
  const named = all.filter(([id]) => id !== '');
  const counted = (named.length > 0 ? named : all).map(([, parcel]) => parcel);
  if (counted.length === 0) return 'open';
  return counted.every(({ delivered }) => delivered !== undefined) ? 'delivered' : 'shipped';
}

function moneyOf(order: OrderRecord): Partial<Picture> {
  const amounts = amountsOf(order);
  if (amounts === undefined) return {};
  const { currency, total, refunded } = amounts;
  return {
    total: amountOf(total, currency),
    ...(currency === '' ? {} : { currency }),
    refunded: amountOf(refunded, currency),
    remaining: amountOf(Math.max(0, total - refunded), currency),
  };
}
