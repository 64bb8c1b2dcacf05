import type { Event } from '@waybill/core';

import { event } from '../harness.ts';

/** An intended difference to the hosted destination, and why. */
export interface Fix {
  readonly name: string;
  /** The places in a body that it explains; `*` is any index. */
  readonly places: readonly RegExp[];
  readonly hosted: string;
  readonly here: string;
  readonly reason: string;
}

/** The only difference that is a separate call. */
export const PROFILE_FIRST = 'profile of an event';

/** All differences of requests from those of the hosted destination. */
export const FIXES: readonly Fix[] = [
  {
    name: 'settings of the mapping',
    places: [/^(events|users)\.\*\.(enable_batching|batch_size)$/],
    hosted: '`enable_batching` and `batch_size` are in every event',
    here: 'only what the endpoint defines is sent',
    reason: 'They are not part of an event; a stricter check by Iterable would refuse the whole call.',
  },
  {
    name: 'one identifier',
    places: [
      /^events\.\*\.(email|userId)$/,
      /^(users\.\*|user)\.email$/,
      /^(users\.\*|user)\.dataFields\.email$/,
    ],
    hosted: 'both identifiers at the top level, whatever the project type',
    here: 'the identifier that the project type uses; outside e-mail projects, the address of a profile is a data field',
    reason:
      'If the two belong to different profiles, the item is refused or goes to the wrong one; and an address at the top level never changes the stored one.',
  },
  {
    name: 'repeated identifiers',
    places: [/^(users\.\*|user)\.dataFields\.(email|userId)$/],
    hosted: 'traits are copied, including the identifiers',
    here: 'a top-level identifier is not repeated',
    reason: 'A malformed identifier in the data fields makes the whole user fail.',
  },
  {
    name: 'malformed address',
    places: [/^$/],
    hosted: 'the profile is not sent',
    here: 'the address is left out if there is a valid user ID, with a note',
    reason: 'The user can be identified; the rest of the profile must not be lost because of a typing error.',
  },
  {
    name: 'too long user ID',
    places: [/^(events\.\*|users\.\*|user)\.userId$/],
    hosted: 'sent',
    here: 'left out if there is a valid address, with a note',
    reason: 'Iterable accepts 52 characters, and refuses the item.',
  },
  {
    name: 'empty data fields',
    places: [/^(users\.\*|user|events\.\*)\.dataFields$/, /^dataFields$/],
    hosted: '`dataFields: {}`',
    here: 'left out',
    reason: 'They have no effect.',
  },
  {
    name: 'impossible date',
    places: [/dataFields\.(never|inner\.never)$/],
    hosted: 'null, which removes the field',
    here: 'kept as it is',
    reason: 'A typing error in one event must not delete what is stored.',
  },
  {
    name: 'time without a zone',
    places: [/dataFields\.local$/],
    hosted: 'read in the time zone of the machine and rewritten',
    here: 'kept as it is',
    reason: 'Its time zone is unknown, and Iterable stores it unchanged as a date or as a string.',
  },
  {
    name: 'members of a line',
    places: [/^items\.\*\.(tin|image_url)$/, /^items\.\*\.dataFields(\.|$)/],
    hosted: 'unknown members are in the line and again in its data fields; a description is repeated there',
    here: 'unknown members are only in the data fields',
    reason: 'Duplicated fields count twice towards the field limit of the project.',
  },
  {
    name: PROFILE_FIRST,
    places: [],
    hosted: 'an event is sent whether there is a profile or not',
    here: 'in an e-mail project, and for an address alone in a hybrid one, the profile is created first, once for each user',
    reason: 'Iterable may answer "Success" to an event of an unknown user, and store nothing.',
  },
  {
    name: 'ID of an order without one',
    places: [/^id$/],
    hosted: 'none, so a second attempt creates a second purchase',
    here: 'one that is the same at every attempt',
    reason: 'A crash or a lost answer must not double the revenue.',
  },
];

/** An event for both destinations. */
export interface HostedCase {
  readonly name: string;
  readonly action: 'updateUser' | 'trackEvent' | 'updateCart' | 'trackPurchase';
  readonly event: Event;
  /** The visible fixes; none where both bodies are equal. */
  readonly fixes: readonly string[];
}

const BATCH = 'settings of the mapping';
const LINE = { product_id: 'p-1', name: 'Tea', price: 4.5, quantity: 2 };
const RICH = {
  ...LINE,
  sku: 'T',
  category: 'Drinks',
  url: 'https://x.example/tea',
  image_url: 'https://x.example/t.png',
};
const EMAIL = 'ada@example.com';

const identify = (traits: Readonly<Record<string, unknown>>, ids: object = { userId: 'u-1' }): Event =>
  event({ type: 'identify', ...ids, traits, context: {} });

const track = (
  name: string,
  properties: Readonly<Record<string, unknown>>,
  ids: object = { userId: 'u-1' },
  traits = {},
): Event => event({ type: 'track', event: name, ...ids, properties, context: { traits } });

const order = (properties: Readonly<Record<string, unknown>>, traits = {}): Event =>
  track('Order Completed', { order_id: 'o-1', total: 9, ...properties }, { userId: 'u-1' }, traits);

/** The table: the same event, the same mapping, a hybrid project. */
export const CASES: readonly HostedCase[] = [
  {
    name: 'a profile by user ID',
    action: 'updateUser',
    event: identify({ plan: 'pro', age: 30 }),
    fixes: [],
  },
  {
    name: 'a profile by address',
    action: 'updateUser',
    event: identify({ email: EMAIL, plan: 'pro' }, { anonymousId: 'a' }),
    fixes: ['repeated identifiers'],
  },
  {
    name: 'a profile by both',
    action: 'updateUser',
    event: identify({ email: EMAIL, plan: 'pro' }),
    fixes: ['one identifier'],
  },
  {
    name: 'a profile with nested data',
    action: 'updateUser',
    event: identify({ address: { city: 'Oslo', tags: ['a', 1] } }),
    fixes: [],
  },
  {
    name: 'a profile with a phone number',
    action: 'updateUser',
    event: identify({ phone: '+14155550100' }),
    fixes: [],
  },
  {
    name: 'a profile with a field to remove',
    action: 'updateUser',
    event: identify({ plan: null, city: 'Oslo' }),
    fixes: [],
  },
  {
    name: 'a profile with dates',
    action: 'updateUser',
    event: identify({
      since: '2026-01-02T03:04:05.000Z',
      born: '1980-02-03',
      zone: '2026-01-02T03:04:05+02:00',
    }),
    fixes: [],
  },
  {
    name: 'a profile with an impossible date',
    action: 'updateUser',
    event: identify({ never: '2026-02-30T25:00:00Z' }),
    fixes: ['impossible date'],
  },
  {
    name: 'a profile with a time without a zone',
    action: 'updateUser',
    event: identify({ local: '2026-01-02T03:04:05' }),
    fixes: ['time without a zone'],
  },
  {
    name: 'a profile without traits',
    action: 'updateUser',
    event: identify({}),
    fixes: ['empty data fields'],
  },
  {
    name: 'a profile with a malformed address',
    action: 'updateUser',
    event: identify({ email: 'ada@', plan: 'pro' }),
    fixes: ['malformed address'],
  },
  {
    name: 'a profile with a long user ID',
    action: 'updateUser',
    event: identify({ email: EMAIL }, { userId: 'x'.repeat(60) }),
    fixes: ['too long user ID', 'empty data fields'],
  },
  {
    name: 'an event',
    action: 'trackEvent',
    event: track('Seen', { sku: 'tea', price: 4.5 }),
    fixes: [BATCH],
  },
  {
    name: 'an event by address',
    action: 'trackEvent',
    event: track('Seen', { sku: 'tea', email: EMAIL }, { anonymousId: 'a' }),
    fixes: [BATCH, PROFILE_FIRST],
  },
  {
    name: 'an event by both',
    action: 'trackEvent',
    event: track('Seen', { sku: 'tea' }, { userId: 'u-1' }, { email: EMAIL }),
    fixes: [BATCH, 'one identifier'],
  },
  {
    name: 'an event with dates',
    action: 'trackEvent',
    event: track('Seen', { at: '2026-01-02T03:04:05.678Z', inner: { at: '2026-01-02T03:04:05Z' } }),
    fixes: [BATCH],
  },
  {
    name: 'an event with an impossible date',
    action: 'trackEvent',
    event: track('Seen', { inner: { never: '2026-02-30T25:00:00Z' } }),
    fixes: [BATCH, 'impossible date'],
  },
  {
    name: 'an event of a campaign',
    action: 'trackEvent',
    event: track('Seen', { campaignId: 101, templateId: 201 }),
    fixes: [BATCH],
  },
  {
    name: 'an event without data',
    action: 'trackEvent',
    event: track('Seen', {}),
    fixes: [BATCH],
  },
  {
    name: 'a cart',
    action: 'updateCart',
    event: track('Cart Updated', { products: [LINE] }),
    fixes: ['empty data fields', 'members of a line'],
  },
  {
    name: 'a cart with everything',
    action: 'updateCart',
    event: track('Cart Updated', { products: [RICH, LINE] }, { userId: 'u-1' }, { plan: 'pro' }),
    fixes: ['members of a line'],
  },
  {
    name: 'an empty cart',
    action: 'updateCart',
    event: track('Cart Updated', { products: [] }, { userId: 'u-1' }, { plan: 'pro' }),
    fixes: [],
  },
  {
    name: 'an order',
    action: 'trackPurchase',
    event: order({ products: [LINE], currency: 'EUR' }, { plan: 'pro' }),
    fixes: ['members of a line'],
  },
  {
    name: 'an order with an address',
    action: 'trackPurchase',
    event: order({ products: [LINE] }, { email: EMAIL }),
    fixes: ['members of a line', 'one identifier'],
  },
  {
    name: 'an order of a campaign',
    action: 'trackPurchase',
    event: order({ products: [LINE], campaignId: 101 }, { plan: 'pro' }),
    fixes: ['members of a line'],
  },
  {
    name: 'an order without an ID',
    action: 'trackPurchase',
    event: order({ order_id: undefined, products: [LINE] }, { plan: 'pro' }),
    fixes: ['members of a line', 'ID of an order without one'],
  },
];
