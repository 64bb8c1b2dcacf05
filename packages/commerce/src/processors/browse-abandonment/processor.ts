import { defineProcessor, type Payload, type Progress } from '@waybill/core';
import { looksAfter, looksAt, putOff } from '../looks.ts';
import { perSettings } from '../per-settings.ts';
import { REACH_EVENTS, type ReachRules, unreachedBecause } from '../reach.ts';
import { events, settings } from './settings.ts';
import {
  type Browsing,
  browsingAfter,
  BUYING_EVENTS,
  isNobody,
  joinedBrowsing,
  lastOpenView,
  NOBODY,
  openViews,
  type Viewed,
} from './views.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** A processor that reports products that were viewed without a purchase. */
export const browseAbandonment = defineProcessor({
  slug: 'browse-abandonment',
  name: 'Browse Abandonment',
  description: 'Reports products that somebody viewed without adding anything to a cart or ordering.',
  settings,
  trigger: [
    REACH_EVENTS,
    ...['Product Viewed', 'Product List Viewed', ...BUYING_EVENTS].map((name) => `event = "${name}"`),
  ].join(' or '),
  events,
  initial: (): Browsing => NOBODY,
  process(person, event, { settings: given, now, historical }) {
    const rules = rulesOf(given);
    const { channel, lists } = rules;
    const next = browsingAfter(person, event, { now, historical, channel, lists });
    const state = isNobody(next) ? undefined : next;
    return historical ? { state } : { state, timers: looksAfter(dueOf(next, rules), now, rules.settle) };
  },
  merge(person, { state }, { settings: given, now }) {
    const rules = rulesOf(given);
    const next = joinedBrowsing(person, state);
    return { state: next, timers: looksAfter(dueOf(next, rules), now, rules.settle) };
  },
  wake(person, timer, { settings: given, now }): Progress<Browsing, typeof events> {
    const rules = rulesOf(given);
    const later = putOff(timer, now, rules.settle);
    if (later !== undefined) return { state: person, timers: later };
    const due = dueOf(person, rules);
    if (due === undefined || due > now) return { state: person, timers: looksAt(due) };
    const views = openViews(person);
    const done = { ...person, doneTo: views[0]!.at };
    const left = leftBecause(person, { due, now, rules });
    if (left !== undefined)
      return { state: done, timers: looksAt(undefined), note: `Nothing is sent: ${left}.` };
    return {
      state: { ...done, sentAt: now },
      events: [toldOf(views, rules.products)],
      timers: looksAt(undefined),
      note: 'The viewed products are sent.',
    };
  },
});

interface Rules extends ReachRules {
  readonly delay: number;
  readonly pause: number;
  readonly products: number;
  readonly lists: boolean;
  readonly latest: number;
  readonly settle: number;
}

const rulesOf = perSettings((given: Payload<typeof settings>): Rules => {
  return {
    delay: (given.delay ?? 0) * MINUTE,
    pause: (given.onceInDays ?? 0) * DAY,
    products: given.products ?? 1,
    lists: given.lists === true,
    visitors: given.visitors === true,
    channel: given.channel ?? 'none',
    latest: (given.latest ?? 0) * MINUTE,
    settle: (given.settle ?? 0) * MINUTE,
  };
});

function dueOf(person: Browsing, { delay }: Rules): number | undefined {
  const last = lastOpenView(person);
  return last === undefined ? undefined : last.at + delay;
}

function leftBecause(
  person: Browsing,
  { due, now, rules }: { readonly due: number; readonly now: number; readonly rules: Rules },
): string | undefined {
  if (now - due > rules.latest) return `it was due at ${new Date(due).toISOString()}, too long ago`;
  if (person.sentAt !== undefined && now - person.sentAt < rules.pause)
    return `an event was sent at ${new Date(person.sentAt).toISOString()}`;
  return unreachedBecause(person, rules);
}

function toldOf(views: readonly Viewed[], most: number) {
  const [last] = views;
  const told = views.slice(0, most);
  const currencies = new Set(told.map(({ currency }) => currency));
  const [currency] = currencies;
  return {
    event: 'Browse Abandoned' as const,
    key: last!.id,
    properties: {
      products: told.map(({ product }) => ({ ...product })),
      viewed: views.length,
      viewed_at: new Date(last!.at).toISOString(),
      ...(currencies.size === 1 && currency !== undefined ? { currency } : {}),
    },
  };
}
