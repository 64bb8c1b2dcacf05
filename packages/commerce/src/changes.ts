import type { ShopGone, ShopKind, ShopState, SourceEvent } from '@waybill/core';
import { cartChanges, cartGone } from './cart.ts';
import { consentChanges, consentGone } from './consent.ts';
import type { ChangeContext } from './context.ts';
import { customerChanges, customerGone } from './customer.ts';
import { IDENTIFY } from './events.ts';
import { orderChanges, orderGone } from './order.ts';
import { productChanges, productGone } from './product.ts';
import { reviewChanges } from './review.ts';
import { subscriptionChanges, subscriptionGone } from './subscription.ts';

type Of<K extends ShopKind> = Extract<ShopState, { readonly kind: K }>;

/**
 * Returns the events that follow from the previous and current state of an object; none when nothing with a name happened.
 * Pure. The caller stores the states, and never passes one that is older than the stored one. Throws when the two are not of
 * the same object.
 */
export function changesOf(
  before: ShopState | undefined,
  after: ShopState | ShopGone,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (before !== undefined && (before.kind !== after.kind || before.id !== after.id))
    throw new Error(`${before.kind} ${before.id} cannot become ${after.kind} ${after.id}.`);
  const events = 'gone' in after ? gone(before, after, context) : changed(before, after, context);
  const told = before === undefined ? events.map((event) => dated(event, context)) : events;
  const out = new Set(context.settings.leaveOut ?? []);
  return out.size === 0 ? told : told.filter(({ event }) => !out.has(event ?? IDENTIFY));
}

/** The age, in milliseconds, above which facts of a first look are historical. */
const HISTORY = 7 * 24 * 60 * 60 * 1000;

/** An old order that is first seen because of an edit is not a new one. */
function dated(event: SourceEvent, { now }: ChangeContext): SourceEvent {
  if (event.timestamp === undefined || Date.parse(event.timestamp) >= now - HISTORY) return event;
  return { ...event, context: { ...event.context, historical: true } };
}

function changed(
  before: ShopState | undefined,
  after: ShopState,
  context: ChangeContext,
): readonly SourceEvent[] {
  switch (after.kind) {
    case 'order':
      return orderChanges(before as Of<'order'> | undefined, after, context);
    case 'cart':
      return cartChanges(before as Of<'cart'> | undefined, after, context);
    case 'customer':
      return customerChanges(before as Of<'customer'> | undefined, after, context);
    case 'consent':
      return consentChanges(before as Of<'consent'> | undefined, after, context);
    case 'product':
      return productChanges(before as Of<'product'> | undefined, after, context);
    case 'subscription':
      return subscriptionChanges(before as Of<'subscription'> | undefined, after, context);
    case 'review':
      return reviewChanges(before as Of<'review'> | undefined, after, context);
  }
}

function gone(
  before: ShopState | undefined,
  { kind, id, at }: ShopGone,
  context: ChangeContext,
): readonly SourceEvent[] {
  switch (kind) {
    case 'order':
      return orderGone(before as Of<'order'> | undefined, at, context);
    case 'cart':
      return cartGone(before as Of<'cart'> | undefined, at, context);
    case 'customer':
      return customerGone(before as Of<'customer'> | undefined, id, at, context);
    case 'consent':
      return consentGone(before as Of<'consent'> | undefined, at, context);
    case 'product':
      return productGone(before as Of<'product'> | undefined, id, at, context);
    case 'subscription':
      return subscriptionGone(before as Of<'subscription'> | undefined, at, context);
    case 'review':
      return [];
  }
}
