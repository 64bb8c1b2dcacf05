import type { Mapping } from './published.ts';
import { Random } from './random.ts';
import { readsOf, synthesise, type Reads } from './reads.ts';
import { copy } from './upstream.ts';
import { perturbWithin } from './values.ts';
import type { Fields } from '../../packages/core/src/define/fields.ts';

/** An event as a plain tree. */
export type Tree = Record<string, unknown>;

const PRODUCTS = [
  {
    product_id: '507f1f77bcf86cd799439011',
    sku: 'TEA-01',
    name: 'Assam',
    category: 'Tea',
    brand: 'Leaf & Co',
    variant: 'loose',
    price: 19.5,
    quantity: 2,
    coupon: 'SPRING',
    position: 1,
    url: 'https://shop.example/p/tea-01',
    image_url: 'https://shop.example/i/tea-01.jpg',
    currency: 'EUR',
  },
  {
    product_id: '507f191e810c19729de860ea',
    sku: 'CUP-02',
    name: 'Cup',
    price: 8,
    quantity: 1,
    category: 'Ware',
  },
];

const TRAITS = {
  id: 'user-1',
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  name: 'Ada Lovelace',
  phone: '+41791234567',
  gender: 'female',
  birthday: '1990-12-31',
  company: { id: 'c-1', name: 'Engines Ltd', employee_count: 12 },
  address: { street: '1 Main St', city: 'London', state: 'LDN', postalCode: 'N1 9GU', country: 'GB' },
  plan: 'pro',
  createdAt: '2025-01-02T03:04:05Z',
};

const PROPERTIES: Readonly<Record<string, Tree>> = {
  track: {
    checkout_id: 'ck-1',
    order_id: 'A-1001',
    affiliation: 'Web',
    total: 52.25,
    subtotal: 47,
    revenue: 47,
    shipping: 3.25,
    tax: 2,
    discount: 2.5,
    coupon: 'SPRING',
    currency: 'EUR',
    quantity: 3,
    value: 47,
    email: 'ada@example.com',
    category: 'Tea',
    query: 'assam',
    name: 'Assam',
    price: 19.5,
    product_id: '507f1f77bcf86cd799439011',
    sku: 'TEA-01',
    audience_key: 'lovers_of_tea',
    lovers_of_tea: true,
    products: PRODUCTS,
  },
  page: {
    title: 'Teas',
    url: 'https://shop.example/tea',
    path: '/tea',
    referrer: '',
    search: '?q=assam',
    name: 'Teas',
  },
  screen: { name: 'Home', category: 'Main', build: 42 },
};

const CONTEXT = {
  active: true,
  app: { name: 'Shop', version: '2.1.0', build: '210', namespace: 'example.shop' },
  campaign: { name: 'spring', source: 'news', medium: 'email', term: 'tea', content: 'top' },
  device: {
    id: 'B5372DB0-C21E-11E4-8DFC-AA07A5B093DB',
    advertisingId: '7A3CBEA0-BDF5-11E4-8DFC-AA07A5B093DB',
    adTrackingEnabled: true,
    manufacturer: 'Apple',
    model: 'iPhone7,2',
    name: 'phone',
    type: 'ios',
    token: 'ff15bc0c20c4aa6cd50854ff165fd265',
  },
  groupId: 'g-1',
  ip: '8.8.8.8',
  library: { name: 'analytics.js', version: '2.11.1' },
  locale: 'en-US',
  location: {
    city: 'San Francisco',
    country: 'United States',
    latitude: 40.2964197,
    longitude: -76.9411617,
    speed: 0,
  },
  network: { bluetooth: false, carrier: 'Tele', cellular: true, wifi: false },
  os: { name: 'iPhone OS', version: '8.1.3' },
  page: {
    path: '/academy/',
    referrer: '',
    search: '?rtid=r1&x=2',
    title: 'Academy',
    url: 'https://shop.example/academy/',
  },
  personas: {
    computation_class: 'audience',
    computation_key: 'lovers_of_tea',
    computation_id: 'aud_1',
    space_id: 'spa_1',
  },
  protocols: { event_id: 'e-1' },
  screen: { width: 320, height: 568, density: 2 },
  timezone: 'Europe/Amsterdam',
  traits: TRAITS,
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 9_1 like Mac OS X) AppleWebKit/601.1.46',
};

export const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;

/** A complete event of the Segment spec. */
export function baseEvent(type: (typeof TYPES)[number]): Tree {
  const common = {
    type,
    anonymousId: 'anon-1',
    userId: 'user-1',
    messageId: 'm-1',
    channel: 'browser',
    timestamp: '2026-03-01T09:30:00.000Z',
    sentAt: '2026-03-01T09:30:01.000Z',
    receivedAt: '2026-03-01T09:30:02.000Z',
    originalTimestamp: '2026-03-01T09:30:00.000Z',
    version: 2,
    integrations: { All: true },
    context: CONTEXT,
  };
  const own: Tree =
    type === 'track'
      ? { event: 'Order Completed', properties: PROPERTIES['track'] }
      : type === 'page' || type === 'screen'
        ? { name: 'Home', category: 'Main', properties: PROPERTIES[type] }
        : type === 'identify'
          ? { traits: TRAITS }
          : type === 'group'
            ? { groupId: 'g-1', traits: { name: 'Engines Ltd', employees: 12, plan: 'pro' } }
            : { previousId: 'anon-1' };
  return structuredClone({ ...common, ...own });
}

/** What the events of a mapping are made from. */
export type EventSource = Reads;

/** Reads once what events of a mapping need to hold. */
export function eventSource(mapping: Mapping, fields: Fields): EventSource {
  return readsOf(mapping, fields);
}

/**
 * The event of a number: complete and fitting at first, then complete but of another type, then with members missing,
 * empty or of the wrong type, of which half only where the mapping looks.
 */
export function makeEvent(source: EventSource, seed: number, name: string, number: number): Tree {
  return copy(draw(source, seed, name, number));
}

function draw(source: EventSource, seed: number, name: string, number: number): Tree {
  const random = Random.of(seed, `${name}#${number}`);
  const type = TYPES[number % TYPES.length]!;
  if (number === 0) return synthesise(source, baseEvent('track'), random, 1);
  if (number === 1) return synthesise(source, {}, random, 1);
  if (number === 2) return baseEvent(random.pick(TYPES));
  const event = synthesise(source, baseEvent(type), random, random.pick([0.3, 0.8, 1, 1]));
  if (number === 3) return event;
  const wrong = random.below(5);
  for (let i = 0; i < wrong; i++) {
    if (random.chance(0.5)) source.perturb(event, random);
    else perturbWithin(event, random);
  }
  return event;
}
