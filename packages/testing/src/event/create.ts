import { type Event, EVENT_TYPES, type EventType } from '@waybill/core';
import { TEST_TIME } from '../clock.ts';
import { GROUP_TRAITS, PAGE_PROPERTIES, PERSON_TRAITS, SPEC_EVENTS } from './spec.ts';

/** The calls of the spec, then its named track events: all names with properties in `createTestEvent`. */
export const testEventNames: readonly string[] = [
  ...EVENT_TYPES.filter((type) => type !== 'track'),
  ...SPEC_EVENTS.keys(),
];

/** Members to set on a test event; `undefined` removes one. */
export type EventOverrides = { readonly [K in keyof Event]?: Event[K] | undefined };

/**
 * Creates an event of the Segment spec as stored in the log: `identify`, `page`, `screen`, `group`, `alias`, or a track event by its
 * name, with typical members. The same arguments give the same event. An unknown name gives a track event with one property.
 * Overrides replace members whole.
 */
export function createTestEvent(name = 'Test Event', overrides: EventOverrides = {}): Event {
  const type = EVENT_TYPES.find((one) => one === name && one !== 'track') ?? 'track';
  const made: Record<string, unknown> = {
    type,
    messageId: `test-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    timestamp: TEST_TIME,
    originalTimestamp: TEST_TIME,
    receivedAt: new Date(Date.parse(TEST_TIME) + 1_000).toISOString(),
    userId: 'user-1',
    anonymousId: 'anonymous-1',
    context: context(type),
    ...structuredClone(members(type, name)),
    ...overrides,
  };
  for (const [key, value] of Object.entries(made)) if (value === undefined) delete made[key];
  return made as Event;
}

function members(type: EventType, name: string): Readonly<Record<string, unknown>> {
  switch (type) {
    case 'identify':
      return { traits: PERSON_TRAITS };
    case 'page':
      return { name: 'Product', category: 'Tea', properties: PAGE_PROPERTIES };
    case 'screen':
      return { name: 'Product', properties: { name: 'Product', variation: 'blue' } };
    case 'group':
      return { groupId: 'group-1', traits: GROUP_TRAITS };
    case 'alias':
      return { previousId: 'anonymous-1' };
    case 'track':
      return {
        event: name === 'track' ? 'Test Event' : name,
        properties: SPEC_EVENTS.get(name)?.properties ?? { value: 1 },
      };
  }
}

function context(type: EventType): Readonly<Record<string, unknown>> {
  const about = {
    ip: '203.0.113.7',
    locale: 'en-GB',
    timezone: 'Europe/London',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Waybill-Test/1.0',
    library: { name: 'analytics-node', version: '3.0.0' },
  };
  // Segment's web client sends the page with every call, and mappings use it.
  if (type === 'screen') {
    return {
      ...about,
      app: { name: 'Shop', version: '2.4.0', build: '240' },
      device: { id: 'device-1', type: 'android', manufacturer: 'Maker', model: 'One' },
      os: { name: 'Android', version: '16' },
    };
  }
  return {
    ...about,
    page: { path: '/p-1', url: 'https://shop.example/p-1', title: 'Assam', referrer: '', search: '' },
    campaign: { name: 'Spring', source: 'newsletter', medium: 'email' },
    traits: type === 'identify' ? {} : { email: 'ada@example.com' },
  };
}
