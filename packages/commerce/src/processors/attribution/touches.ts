import type { Event } from '@waybill/core';
import { digest } from '../../version.ts';
import { keyed, keyedOne } from '../keyed.ts';
import { textIn } from '../values.ts';

/** What led a person to the shop. */
export interface Touch {
  /** The first and the last time of that day, ISO 8601: a campaign stays in the URL for a while. */
  readonly from: string;
  readonly to: string;
  readonly values: Values;
}

/** Touches by key: the same campaign on the same day is one. */
export type Touches = Readonly<Record<string, Touch>>;

type Values = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** The members of a touch, and their places in events. Iterable's parameters are named as in its links and snippets. */
const PARAMS: Readonly<Record<string, readonly string[]>> = {
  source: ['utm_source'],
  medium: ['utm_medium'],
  campaign: ['utm_campaign'],
  term: ['utm_term'],
  content: ['utm_content'],
  id: ['utm_id'],
  campaign_id: ['campaignId', 'iterableEmailCampaignId', 'iterableCampaignId', 'iterable_campaign_id'],
  template_id: ['templateId', 'iterableTemplateId', 'iterable_template_id'],
  message_id: ['iterable_message_id', 'iterableMessageId'],
};
const CLICK_IDS = [
  'gclid',
  'gbraid',
  'wbraid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'dclid',
];
/** Every name from which a touch can be read. */
const NAMES = new Set([...Object.values(PARAMS).flat(), ...CLICK_IDS]);
/** The maximum length of a string that is stored whole. */
const LONGEST = 200;
/** The numbers of oldest and newest touches that are stored. */
const OLDEST = 20;
const NEWEST = 60;

/** Returns the touch of an event; undefined when it has none. */
export function touchOf(event: Event): Touches | undefined {
  const { timestamp, properties = {}, context = {} } = event;
  const shop = context['source'] as { readonly platform?: unknown } | undefined | null;
  // A shop repeats the attribution of an order in its later events.
  if (typeof shop?.platform === 'string' && event.event !== 'Order Completed') return undefined;
  const campaign = recordIn(context['campaign']);
  const clicks = recordIn(properties['click_ids']);
  const query = queryOf(event);
  const isNamed = query.size > 0 || Object.keys(properties).some((name) => NAMES.has(name));
  if (!isNamed && context['campaign'] === undefined && properties['click_ids'] === undefined)
    return undefined;
  const found = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = textIn(properties[name]) ?? textIn(query.get(name));
      if (value !== undefined) return value.slice(0, LONGEST);
    }
    return undefined;
  };
  const named = Object.entries(PARAMS).flatMap(([member, names]) => {
    const inContext = textIn(campaign[member === 'campaign' ? 'name' : member])?.slice(0, LONGEST);
    const value = found(names) ?? inContext;
    return value === undefined ? [] : [[member, value] as const];
  });
  const ids = CLICK_IDS.flatMap((name) => {
    const value = textIn(clicks[name]) ?? found([name]);
    return value === undefined ? [] : [[name, value.slice(0, LONGEST)] as const];
  });
  if (named.length === 0 && ids.length === 0) return undefined;
  const values: Values = {
    ...Object.fromEntries(named),
    ...(ids.length === 0 ? {} : { click_ids: Object.fromEntries(ids) }),
  };
  const key = `${timestamp.slice(0, 10)} ${digest(values).slice(0, 8)}`;
  return keyedOne(key, { from: timestamp, to: timestamp, values });
}

/** Merges touches up to the limit; the result does not depend on their order of arrival. */
export function joinedTouches(one: Touches, other: Touches): Touches {
  const all = new Map(Object.entries(one));
  for (const [key, touch] of Object.entries(other)) {
    const known = all.get(key);
    all.set(key, known === undefined ? touch : merged(known, touch));
  }
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length <= OLDEST + NEWEST) return keyed(sorted);
  return keyed([...sorted.slice(0, OLDEST), ...sorted.slice(-NEWEST)]);
}

/** Returns the touches within a period before a time, in order; each with its last time that is not after it. */
export function touchesBefore(
  touches: Touches,
  at: string,
  days: number,
): readonly (Values & { readonly at: string })[] {
  const end = Date.parse(at);
  const begin = end - days * 86_400_000;
  return Object.entries(touches)
    .map(([key, { from, to, values }]) => ({ key, at: Date.parse(to) <= end ? to : from, values }))
    .filter(({ at: time }) => Date.parse(time) >= begin && Date.parse(time) <= end)
    .sort((a, b) => (a.at === b.at ? (a.key < b.key ? -1 : 1) : a.at < b.at ? -1 : 1))
    .map(({ at: time, values }) => ({ at: time, ...values }));
}

function merged(one: Touch, other: Touch): Touch {
  return {
    from: one.from < other.from ? one.from : other.from,
    to: one.to > other.to ? one.to : other.to,
    values: one.values,
  };
}

function queryOf({ properties = {}, context = {} }: Event): URLSearchParams {
  const page = recordIn(context['page']);
  const search = textIn(properties['search']) ?? textIn(page['search']);
  const url = textIn(properties['url']) ?? textIn(page['url']) ?? '';
  const at = url.indexOf('?');
  if (search === undefined && at < 0) return NO_QUERY;
  return new URLSearchParams(search ?? url.slice(at).split('#')[0]);
}

const NO_QUERY: URLSearchParams = new URLSearchParams();

function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
