import { type SourceEvent, type SubscriptionState, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { type Fact, track } from './events.ts';
import { productsOf, type Properties } from './parts.ts';
import { whoOf } from './subject.ts';
import { amountsIn } from './values.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'subscription' } & SubscriptionState;

/** The event names of statuses. */
const NAMES = {
  active: 'Subscription Resumed',
  paused: 'Subscription Paused',
  cancelled: 'Subscription Cancelled',
  failed: 'Subscription Payment Failed',
  ended: 'Subscription Ended',
} as const;

/** Returns the events of a change of a subscription. One that is first seen late has its start, and its current status. */
export function subscriptionChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  const properties = propertiesOf(after, context);
  const key = [after.id, versionOf(before, after, context)];
  const facts: Fact[] = [];
  if (before === undefined)
    facts.push({ name: 'Subscription Started', key: [after.id], at: after.startedAt, properties });
  const failed = (after.failures ?? 0) > (before?.failures ?? 0) && after.status !== 'cancelled';
  if (after.status !== (before?.status ?? 'active')) {
    const at = after.status === 'cancelled' ? after.cancelledAt : after.updatedAt;
    facts.push({ name: NAMES[after.status], key, at, properties });
  } else if (failed && before !== undefined) {
    facts.push({ name: NAMES.failed, key, at: after.updatedAt, properties });
  } else if (before !== undefined && !same(rest(before), rest(after))) {
    facts.push({ name: 'Subscription Updated', key, at: after.updatedAt, properties });
  }
  const subject = { state: after, who: whoOf(after, context), context };
  return facts.map((fact) => track(subject, fact));
}

/** Returns the events of a deleted subscription, which makes no more orders. */
export function subscriptionGone(
  before: State | undefined,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (before === undefined || before.status === 'cancelled' || before.status === 'ended') return [];
  const time = at ?? new Date(context.now).toISOString();
  const after: State = { ...before, status: 'cancelled', cancelledAt: time };
  const properties = { ...propertiesOf(after, context), deleted: true };
  const subject = { state: after, who: whoOf(after, context), context };
  const key = [after.id, versionOf(before, after, context)];
  return [track(subject, { name: NAMES.cancelled, key, at: time, properties })];
}

function rest({ updatedAt: _updated, ...state }: State): unknown {
  return state;
}

function propertiesOf(state: State, { known }: ChangeContext): Properties {
  return withoutAbsent({
    subscription_id: state.id,
    status: state.status,
    started_at: state.startedAt,
    next_order_at: state.nextOrderAt,
    original_order_id: state.originalOrderId,
    last_order_id: state.lastOrderId,
    orders_count: state.orders,
    failures: state.failures,
    interval: state.interval,
    cancelled_at: state.cancelledAt,
    cancel_reason: state.cancelReason,
    total: amountsIn(state.currency)(state.total),
    products: productsOf(state.lines, state.currency, known),
    custom: state.custom,
  });
}
