import { type Event, isHistorical, withoutAbsent } from '@waybill/core';
import { said } from '../order-facts.ts';
import { shortId } from '../order-keys.ts';
import { both, greater, type Said } from '../order-record.ts';
import { amountIn, textIn } from '../values.ts';

/** The events of subscriptions, with the implied status if none is given. */
export const STATUS_AFTER: Readonly<Record<string, Status>> = {
  'Subscription Started': 'active',
  'Subscription Updated': 'active',
  'Subscription Paused': 'paused',
  'Subscription Resumed': 'active',
  'Subscription Payment Failed': 'failed',
  'Subscription Cancelled': 'cancelled',
  'Subscription Ended': 'ended',
};

/** The status of a subscription. */
export type Status = 'active' | 'paused' | 'failed' | 'cancelled' | 'ended';
const STATUSES: readonly string[] = ['active', 'paused', 'failed', 'cancelled', 'ended'];

/** The state of a subscription in one event. */
export interface Stand {
  readonly status: Status;
  /** ISO 8601. */
  readonly next?: string;
  readonly failures?: number;
  readonly total?: number;
  readonly currency?: string;
  readonly interval?: string;
  /** Whether it is live. */
  readonly live?: true;
}

/** The facts of a subscription. Merging is commutative. */
export interface Subscription {
  readonly stand?: Said<Stand>;
  /** The order that started it. */
  readonly original?: Said<string>;
  /** Times of failed payments, ISO 8601, and whether each is live. */
  readonly failed?: Readonly<Record<string, boolean>>;
  /** When it was last in good standing, ISO 8601. */
  readonly well?: string;
}

/** The maximum number of failed payments, the newest. */
const MOST_FAILED = 20;

/** Returns the facts of an event about a subscription. */
export function subscriptionIn(
  event: Event,
): { readonly id: string; readonly subscription: Subscription } | undefined {
  const { event: name = '', properties = {}, timestamp } = event;
  const id = textIn(properties['subscription_id']);
  if (id === undefined || !Object.hasOwn(STATUS_AFTER, name)) return undefined;
  const live = !isHistorical(event);
  const given = textIn(properties['status']);
  const failures = amountIn(properties['failures']);
  const status = STATUSES.includes(given ?? '') ? (given as Status) : STATUS_AFTER[name]!;
  const stand = withoutAbsent({
    status,
    next: timeIn(properties['next_order_at']),
    failures,
    total: amountIn(properties['total']),
    currency: textIn(properties['currency'])?.toUpperCase(),
    interval: textIn(properties['interval']),
    live: live ? (true as const) : undefined,
  }) as Stand;
  const original = textIn(properties['original_order_id']);
  const isWell = status === 'active' && (failures ?? 0) === 0 && name !== 'Subscription Payment Failed';
  return {
    id: shortId(id),
    subscription: {
      // Shops report seconds: an end in the same second as a continuation wins.
      stand: said(event, name === 'Subscription Started' ? 0 : 1, stand, STATUSES.indexOf(status)),
      ...(original === undefined ? {} : { original: said(event, 0, shortId(original)) }),
      ...(name === 'Subscription Payment Failed' ? { failed: { [timestamp]: live } } : {}),
      ...(isWell ? { well: timestamp } : {}),
    },
  };
}

/** Merges two sets of facts. */
export function joinedSubscriptions(one: Subscription, other: Subscription): Subscription {
  const failed = both(one.failed, other.failed, (a, b) => a || b);
  const newest = Object.entries(failed ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(-MOST_FAILED);
  const well = [one.well, other.well]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return withoutAbsent({
    stand: greater(one.stand, other.stand),
    original: greater(one.original, other.original),
    failed: failed === undefined ? undefined : Object.fromEntries(newest),
    well,
  });
}

/** Returns the failed payments since it was last in good standing, and the first of them. */
export function failuresOf({ stand, failed = {}, well = '' }: Subscription): {
  readonly count: number;
  readonly since: string;
  readonly isLive: boolean;
} {
  const streak = Object.entries(failed).filter(([time]) => time > well);
  const told = stand?.value.failures ?? 0;
  return {
    count: Math.max(streak.length, told),
    since: streak[0]?.[0] ?? well,
    isLive: streak.some(([, live]) => live) || (streak.length === 0 && stand?.value.live === true),
  };
}

function timeIn(value: unknown): string | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
