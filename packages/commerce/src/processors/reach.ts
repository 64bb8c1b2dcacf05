import { defineFields, type Event, withoutAbsent } from '@waybill/core';
import { type Dated, newer } from './dated.ts';
import { textIn } from './values.ts';

/** Whether and how a person can be contacted. */
export interface Reach {
  /** Whether a user ID or an e-mail address is known. */
  readonly known?: true;
  /** Whether they opted out of the channel that needs consent. */
  readonly unsubscribed?: Dated<boolean>;
}

/** The settings for who is contacted. */
export const reachSettings = defineFields({
  visitors: {
    type: 'boolean',
    label: 'Unknown Visitors',
    description: 'Whether to include visitors whose user ID and e-mail address are both unknown.',
    default: false,
  },
  channel: {
    type: 'string',
    label: 'Consent',
    description: 'The channel that the person must be subscribed to when something is sent.',
    choices: [
      { label: 'None', value: 'none' },
      { label: 'E-mail', value: 'email' },
      { label: 'SMS', value: 'sms' },
    ],
    default: 'none',
  },
});

/** Their values. */
export interface ReachRules {
  readonly visitors: boolean;
  readonly channel: string;
}

/** The events of consent, by channel. */
const CONSENTS = new Map([
  ['email', { yes: 'Email Subscribed', no: 'Email Unsubscribed' }],
  ['sms', { yes: 'SMS Subscribed', no: 'SMS Unsubscribed' }],
]);

/** Events about identity and consent, in the trigger language. */
export const REACH_EVENTS = [
  'type = "identify" or type = "alias"',
  ...[...CONSENTS.values()].flatMap(({ yes, no }) => [`event = "${yes}"`, `event = "${no}"`]),
].join(' or ');

/**
 * Returns a person with their reach after an event at a time: the same object when unchanged. For visitors, and persons with
 * other state, it is stored that they have identified themselves.
 */
export function withReachAfter<P extends Reach>(
  person: P,
  event: Event,
  { at, channel, keeps }: { readonly at: number; readonly channel: string; readonly keeps: boolean },
): P {
  const known = person.known ?? knownBy(event, keeps);
  const unsubscribed = choiceAfter(person.unsubscribed, event, at, channel);
  if (known === person.known && unsubscribed === person.unsubscribed) return person;
  return { ...person, ...withoutAbsent({ known, unsubscribed }) };
}

function knownBy(event: Event, keeps: boolean): true | undefined {
  const { type, userId, anonymousId, previousId, traits, properties, context } = event;
  const isKept = type === 'track' || anonymousId !== undefined || previousId !== undefined || keeps;
  if (!isKept) return undefined;
  const inContext = context?.['traits'] as { readonly email?: unknown } | null | undefined;
  const email = textIn(traits?.['email']) ?? textIn(properties?.['email']) ?? textIn(inContext?.email);
  return userId !== undefined || email !== undefined ? true : undefined;
}

function choiceAfter(
  before: Reach['unsubscribed'],
  { type, event: name }: Event,
  at: number,
  channel: string,
): Reach['unsubscribed'] {
  const consent = CONSENTS.get(channel);
  const isChoice = type === 'track' && consent !== undefined && (name === consent.yes || name === consent.no);
  return isChoice ? newer(before, [at, name === consent.no]) : before;
}

/** Merges the reach of two keys of one person. */
export function joinedReach(one: Reach, other: Reach): Reach {
  const reach: { -readonly [K in keyof Reach]: Reach[K] } = {};
  const known = one.known ?? other.known;
  if (known !== undefined) reach.known = known;
  const unsubscribed = newer(one.unsubscribed, other.unsubscribed);
  if (unsubscribed !== undefined) reach.unsubscribed = unsubscribed;
  return reach;
}

/** Returns why a person is not contacted; undefined when they are. */
export function unreachedBecause(reach: Reach, { visitors, channel }: ReachRules): string | undefined {
  if (reach.known !== true && !visitors) return 'neither user ID nor address is known';
  if (channel !== 'none' && reach.unsubscribed?.[1] !== false) return `there is no consent to ${channel}`;
  return undefined;
}
