import { type ConsentState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { track } from './events.ts';
import { whoOf } from './subject.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'consent' } & ConsentState;

/** Channels as the names of events write them. */
const CHANNELS = { email: 'Email', sms: 'SMS', whatsapp: 'WhatsApp', push: 'Push' } as const;

/**
 * What a person says about a channel. The first word that is heard counts too; one that waits for its confirmation does not, and silence
 * is a no only after a yes: whoever was never asked has not opted out.
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
  // Who says yes once more, without naming lists, says nothing new.
  if (before?.state === after.state && (after.lists === undefined || same(before.lists, after.lists)))
    return [];
  return [said(before, after, after.at, context)];
}

/** A consent that the shop has no more: whoever had said yes says it no longer. */
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
