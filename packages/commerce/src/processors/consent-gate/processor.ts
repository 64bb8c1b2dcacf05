import {
  defineProcessor,
  type Event,
  type Payload,
  type ProcessorContext,
  type Progress,
  withoutAbsent,
} from '@waybill/core';
import { both, greater, type Said } from '../order-record.ts';
import { said } from '../order-facts.ts';
import { textIn } from '../values.ts';
import { channels, decisions, settings } from './fields.ts';

/** A person's choice for a channel. */
interface Word {
  readonly state: 'subscribed' | 'unsubscribed';
  readonly at: string;
}

/** The state of a person: the last choice per channel. */
interface Person {
  /** Whether there was a message for them, and so there are notes. */
  readonly asked?: true;
  readonly words: Readonly<Record<string, Said<Word>>>;
}

type Step = Progress<Person, typeof decisions>;
type Settings = Payload<typeof settings>;

const CONSENT = /^(Email|SMS|WhatsApp|Push) (Subscribed|Unsubscribed)$/;

/** A processor that allows or withholds messages by the last choice of a person. */
export const consentGate = defineProcessor({
  slug: 'consent-gate',
  name: 'Consent Gate',
  description:
    "Decides for each marketing event, by the person's latest choice, whether they may receive the message.",
  settings,
  trigger: 'type = "track"',
  events: decisions,
  initial: (): Person => ({ words: {} }),
  process(state, event, context) {
    const word = wordOf(event);
    if (word !== undefined) return { state: { ...state, words: joinedWords(state.words, word) } };
    if (context.settings.events?.includes(event.event ?? '') === true)
      return decided({ ...state, asked: true }, event, context);
    // Nothing is stored for unknown persons.
    const isKept = state.asked === true || Object.keys(state.words).length > 0;
    return { state: isKept ? state : undefined };
  },
  merge: (state, { state: earlier }) => ({
    state: { ...earlier, ...state, words: joinedWords(state.words, earlier.words) },
  }),
});

function wordOf(event: Event): Person['words'] | undefined {
  const { event: name = '' } = event;
  // The usual case: unrelated events.
  if (!name.endsWith('ubscribed')) return undefined;
  const found = CONSENT.exec(name);
  if (found === null) return undefined;
  const { properties = {} } = event;
  const given = textIn(properties['consent_channel']) ?? found[1]!.toLowerCase();
  // A shop may report a choice long after it was made: the time of the choice counts.
  const told = textIn(properties['consented_at']);
  const at =
    told === undefined || Number.isNaN(Date.parse(told)) ? event.timestamp : new Date(told).toISOString();
  const state = found[2] === 'Subscribed' ? 'subscribed' : 'unsubscribed';
  // An opt-out wins over an opt-in of the same time.
  const { by } = said(event, 0, state);
  const rank = `${at} ${state === 'unsubscribed' ? 1 : 0} ${by.slice(-8)}`;
  return { [given]: { by: rank, value: { state, at } } };
}

function joinedWords(one: Person['words'], other: Person['words']): Person['words'] {
  const known = new Set(channels);
  const all = both(one, other, (a, b) => greater(a, b)!)!;
  return Object.fromEntries(Object.entries(all).filter(([channel]) => known.has(channel)));
}

function decided(
  state: Person,
  event: Event,
  { settings: given, historical }: ProcessorContext<Settings>,
): Step {
  const name = event.event!;
  if (historical) return { state, note: `Skipped: ${name} is historical.` };
  const channel = channelOf(name, given);
  const word = state.words[channel]?.value;
  const reason = reasonOf(channel, word, given);
  const properties = withoutAbsent({
    event: name,
    message_id: event.messageId,
    channel,
    consent: word?.state ?? 'unknown',
    consented_at: word?.at,
    properties: event.properties,
  }) as Payload<(typeof decisions)['Message Allowed']>;
  // Each event is decided once.
  const key = event.messageId;
  if (reason === undefined)
    return {
      state,
      events: [{ event: 'Message Allowed', properties, key }],
      note: `Allowed: ${name} by ${channel}.`,
    };
  return {
    state,
    events: [{ event: 'Message Withheld', properties: { ...properties, reason }, key }],
    note: `Withheld: ${name} by ${channel} (${reason}).`,
  };
}

function channelOf(name: string, { channel = 'email', channels: others = {} }: Settings): string {
  return Object.hasOwn(others, name) ? String(others[name]) : channel;
}

function reasonOf(
  channel: string,
  word: Word | undefined,
  { silence = 'allow' }: Settings,
): string | undefined {
  if (!channels.includes(channel)) return 'unknown_channel';
  if (word === undefined) return silence === 'allow' ? undefined : 'no_consent';
  return word.state === 'unsubscribed' ? 'unsubscribed' : undefined;
}
