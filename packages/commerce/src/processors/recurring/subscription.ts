import { type Event, isHistorical, withoutAbsent } from '@waybill/core';
import { said } from '../order-facts.ts';
import { shortId } from '../order-keys.ts';
import { both, greater, type Said } from '../order-record.ts';
import { amountIn, textIn } from '../values.ts';

/** The events of subscriptions, and how each leaves one whose status nobody tells. */
export const STATUS_AFTER: Readonly<Record<string, Status>> = {
  'Subscription Started': 'active',
  'Subscription Updated': 'active',
  'Subscription Paused': 'paused',
  'Subscription Resumed': 'active',
  'Subscription Payment Failed': 'failed',
  'Subscription Cancelled': 'cancelled',
  'Subscription Ended': 'ended',
};

/** How a subscription is. */
export type Status = 'active' | 'paused' | 'failed' | 'cancelled' | 'ended';
const STATUSES: readonly string[] = ['active', 'paused', 'failed', 'cancelled', 'ended'];

/** A subscription as one event tells it. */
export interface Stand {
  readonly status: Status;
  /** ISO 8601. */
  readonly next?: string;
  readonly failures?: number;
  readonly total?: number;
  readonly currency?: string;
  readonly interval?: string;
  /** Not of the past. */
  readonly live?: true;
}

/** What is known of a subscription. Two of them join to the same in whatever order. */
export interface Subscription {
  readonly stand?: Said<Stand>;
  /** The order with which it began. */
  readonly original?: Said<string>;
  /** Times of payments that failed, ISO 8601, and whether something live tells of each. */
  readonly failed?: Readonly<Record<string, boolean>>;
  /** When it was last well, ISO 8601. */
  readonly well?: string;
}

/** Payments that failed which are kept: the newest. */
const MOST_FAILED = 20;

/** What an event says of a subscription. */
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
      // Shops tell of seconds: what ends in the second in which it continues has ended.
      stand: said(event, name === 'Subscription Started' ? 0 : 1, stand, STATUSES.indexOf(status)),
      ...(original === undefined ? {} : { original: said(event, 0, shortId(original)) }),
      ...(name === 'Subscription Payment Failed' ? { failed: { [timestamp]: live } } : {}),
      ...(isWell ? { well: timestamp } : {}),
    },
  };
}

/** What two come to. */
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

/** Payments that have failed since it was last well, and the first of them. */
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
