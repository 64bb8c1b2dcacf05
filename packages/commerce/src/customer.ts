import { type CustomerState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { identify, type Subject, track } from './events.ts';
import { addressTraits, type Properties, storeOf } from './parts.ts';
import { phoneOf, whoOf } from './subject.ts';
import { amountsIn } from './values.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'customer' } & CustomerState;

/** Returns the events of a change of a customer: the whole profile, after a change of its e-mail address. */
export function customerChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  const subject = subjectOf(after, context);
  const version = versionOf(before, after, context);
  const events: SourceEvent[] = [];
  const [previous, email] = [before?.email, after.email];
  if (previous !== undefined && email !== undefined && previous.toLowerCase() !== email.toLowerCase()) {
    const properties = { previous_email: previous, email };
    const key = [after.id, version];
    events.push(track(subject, { name: 'Email Changed', key, at: after.updatedAt, properties }));
  }
  const traits = traitsOf(after, context);
  if (before === undefined || !same(traitsOf(before, context), traits))
    events.push(identify(subject, ['customer', after.id, version], after.updatedAt, traits));
  return events;
}

/** Returns the events of a deleted customer: mappings decide about the profile. */
export function customerGone(
  before: State | undefined,
  id: string,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  const state: State = before ?? { kind: 'customer', id };
  const subject = subjectOf(state, context);
  if (subject.who.userId === undefined && subject.who.traits['email'] === undefined) return [];
  const time = at ?? new Date(context.now).toISOString();
  const properties = withoutAbsent({ customer_id: id, email: state.email });
  return [track(subject, { name: 'Customer Deleted', key: [id], at: time, properties })];
}

/** The subject is the customer of the state, regardless of stored states. */
function subjectOf(state: State, context: ChangeContext): Subject {
  const { known: _known, ...own } = context;
  return { state, who: whoOf({ ...state, customer: state }, own, [state.address]), context };
}

function traitsOf(state: State, context: ChangeContext): Properties {
  const { currency, lifetimeTotal, lifetimeOrders, store } = state;
  const name = [state.firstName, state.lastName].filter((part) => part !== undefined).join(' ');
  const total = currency === undefined ? undefined : amountsIn(currency)(lifetimeTotal);
  return withoutAbsent({
    email: state.email,
    firstName: state.firstName,
    lastName: state.lastName,
    name: name === '' ? undefined : name,
    phone: phoneOf(state.phone, [state.address], context),
    birthday: state.birthday,
    gender: state.gender,
    company: state.company,
    address: state.address && addressTraits(state.address),
    createdAt: state.createdAt,
    customer_id: state.id,
    group: state.group,
    tags: state.tags,
    total_spent: total,
    orders_count: lifetimeOrders,
    custom: state.custom,
    ...storeOf(store, currency),
  });
}
