import { type ConsentState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { track } from './events.ts';
import { whoOf } from './subject.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'consent' } & ConsentState;

/** Channels as spelled in event names. */
const CHANNELS = { email: 'Email', sms: 'SMS', whatsapp: 'WhatsApp', push: 'Push' } as const;

/**
 * Returns the events of a person's consent for a channel. The first known choice counts too; one that awaits confirmation does
 * not, and its absence is an opt-out only after an opt-in: a person who was never asked has not opted out.
 */
export function consentChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (after.state === 'pending') return [];
  if (after.state === 'none')
    return before?.state === 'subscribed'
      ? [said(before, { ...after, state: 'unsubscribed' }, after.at, context)]
      : [];
  // A repeated opt-in without lists is not a change.
  if (before?.state === after.state && (after.lists === undefined || same(before.lists, after.lists)))
    return [];
  return [said(before, after, after.at, context)];
}

/** Returns the events of a deleted consent: an opt-in ends. */
export function consentGone(
  before: State | undefined,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  if (before?.state !== 'subscribed') return [];
  const time = at ?? new Date(context.now).toISOString();
  return [said(before, { ...before, state: 'unsubscribed', at: time }, time, context)];
}

function said(
  before: State | undefined,
  after: State,
  at: string | undefined,
  context: ChangeContext,
): SourceEvent {
  const { id, channel, state, origin, lists, customer, store } = after;
  const version = versionOf(
    before && { ...before, updatedAt: before.at },
    { ...after, updatedAt: at },
    context,
  );
  const properties = withoutAbsent({ consent_channel: channel, state, consented_at: at, origin, lists });
  const name = `${CHANNELS[channel]} ${state === 'subscribed' ? 'Subscribed' : 'Unsubscribed'}`;
  const owned = { kind: 'consent', id, customer, store } as const;
  return track(
    { state: owned, who: whoOf(owned, context), context },
    { name, key: [id, version], at, properties },
  );
}
