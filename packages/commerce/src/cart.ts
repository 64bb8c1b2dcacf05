import { type CartState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { type Subject, track } from './events.ts';
import { attributionOf, productsOf, type Properties } from './parts.ts';
import { whoOf } from './subject.ts';
import { amountsIn } from './values.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'cart' } & CartState;

/** Returns the events of a change of a cart. A cart is always complete: what is not in it is no longer in it. */
export function cartChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (after.status !== 'active') return emptied(before, after, after.updatedAt, context);
  const active = before?.status === 'active' ? before : undefined;
  const subject: Subject = { state: after, who: whoOf(after, context), context };
  const version = versionOf(before, after, context);
  const events: SourceEvent[] = [];
  const properties = propertiesOf(after, context);
  const isNews =
    active === undefined ? (after.lines ?? []).length > 0 : !same(contents(active), contents(after));
  if (isNews)
    events.push(
      track(subject, { name: 'Cart Updated', key: [after.id, version], at: after.updatedAt, properties }),
    );
  if (after.checkoutAt !== undefined && before?.checkoutAt === undefined)
    events.push(
      track(subject, { name: 'Checkout Started', key: [after.id], at: after.checkoutAt, properties }),
    );
  if (after.abandonedAt !== undefined && after.abandonedAt !== before?.abandonedAt) {
    const key = [after.id, after.abandonedAt];
    events.push(track(subject, { name: 'Cart Abandoned', key, at: after.abandonedAt, properties }));
  }
  return events;
}

/** Returns the events of a deleted cart. */
export function cartGone(
  before: State | undefined,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (before === undefined) return [];
  return emptied(before, { ...before, status: 'gone' }, at ?? new Date(context.now).toISOString(), context);
}

/** A finished cart counts as empty for readers of its contents. */
function emptied(
  before: State | undefined,
  after: State,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (before?.status !== 'active' || (before.lines ?? []).length === 0) return [];
  // The previous owner of the cart receives an empty one.
  const customer = after.customer ?? before.customer;
  const state = { ...after, customer };
  const properties = {
    ...withoutAbsent({ cart_id: after.id, status: after.status, order_id: after.orderId }),
    value: 0,
    products: [],
  };
  const key = [after.id, versionOf(before, after, context)];
  return [
    track({ state, who: whoOf(state, context), context }, { name: 'Cart Updated', key, at, properties }),
  ];
}

/** The content that distinguishes two states of a cart, without links that are regenerated each time. */
function contents(state: State): unknown {
  const { updatedAt: _updated, checkoutAt: _checkout, abandonedAt: _abandoned, url: _url, ...rest } = state;
  return rest;
}

function propertiesOf(state: State, { known }: ChangeContext): Properties {
  const amount = amountsIn(state.currency);
  return {
    ...withoutAbsent({
      cart_id: state.id,
      checkout_id: state.id,
      affiliation: state.store?.name,
      status: state.status,
      value: amount(state.subtotal ?? state.total),
      subtotal: amount(state.subtotal),
      total: amount(state.total),
      discount: amount(state.discount),
      shipping: amount(state.shipping),
      tax: amount(state.tax),
      coupon: state.coupons?.[0],
      coupons: state.coupons,
      cart_url: state.url,
      products: productsOf(state.lines, state.currency, known),
      custom: state.custom,
    }),
    ...attributionOf(state.attribution),
  };
}
