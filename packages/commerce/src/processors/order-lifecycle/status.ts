import { amountOf } from '@waybill/core';
import { amountsOf } from '../order-money.ts';
import type { OrderRecord } from '../order-record.ts';
import { type Facts, isEdited } from './facts.ts';

/** How an order can be, in the order in which one goes before another. */
export const STATUSES = [
  'placed',
  'updated',
  'shipped',
  'delivered',
  'partially_refunded',
  'refunded',
  'cancelled',
] as const;

/** How an order is. */
export type Status = (typeof STATUSES)[number];

/** An order as it is by all that is known. */
export interface Picture {
  readonly status: Status;
  readonly fulfillment: 'open' | 'shipped' | 'delivered';
  /** Nothing takes it back: what follows a purchase may be sent. */
  readonly is_active: boolean;
  readonly placed_at?: string;
  readonly total?: number;
  readonly currency?: string;
  readonly refunded?: number;
  readonly remaining?: number;
  readonly subscription_id?: string;
}

/** The picture of an order. */
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
  // A page that tells of a parcel of the shop gives it no id: where there are ids, those count.
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
