import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateDay, toLines } from './generate.ts';
import { dayFile, readDay, type DayEvent, type Fields, type Json } from './player.ts';

const day = readDay();
const text = readFileSync(dayFile, 'utf8');
const { customers } = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  customers: { userId: string; events: Named[]; purchases: { id: string }[] }[];
};
interface Named {
  id: string;
  eventName: string;
  createdAt: number;
  dataFields: Fields;
}

const reasons = (event: DayEvent): string[] => Object.values(event.expect ?? {});
/** Lines that are wrong on purpose, as against those that are in order and have nowhere to go. */
const bad = day.filter((event) =>
  reasons(event).some((reason) => !['identity_missing', 'no_matching_mapping'].includes(reason)),
);
const find = (messageId: string): DayEvent => day.find((event) => event.messageId === messageId)!;
const tracks = day.flatMap((event) => (event.type === 'track' ? [event] : []));
const dataOf = (event: DayEvent): Fields =>
  'traits' in event ? event.traits : 'properties' in event ? event.properties : {};

describe('the recorded day', () => {
  it('matches the stories', () => {
    expect(text).toBe(toLines(generateDay()));
  });

  it('has enough people and events for a day', () => {
    expect(day.length).toBeGreaterThanOrEqual(320);
    expect(day.length).toBeLessThanOrEqual(400);
    const users = new Set(day.flatMap(({ userId }) => userId ?? []));
    expect(users.size).toBeGreaterThanOrEqual(23);
    const types = new Set(day.map(({ type }) => type));
    expect([...types].sort()).toEqual(['alias', 'group', 'identify', 'page', 'screen', 'track']);
    expect([...users].filter((userId) => /^\d+$/.test(userId)).sort()).toEqual(['20417', '20893', '31077']);
  });

  it('has unique ids, except for the one line a client sent twice', () => {
    const twice = day.filter((event, index) => find(event.messageId) !== day[index]);
    expect(twice).toEqual([expect.objectContaining({ event: 'Order Completed', userId: 'u-1008' })]);
    expect(twice[0]).toEqual(find(twice[0]!.messageId));
    // In between its sender began a new cart, which a second delivery of the order would empty.
    const between = day.slice(day.indexOf(find(twice[0]!.messageId)) + 1, day.indexOf(twice[0]!));
    expect(between).toContainEqual(expect.objectContaining({ event: 'Cart Updated', userId: 'u-1008' }));
  });

  it('is in time order, on one day', () => {
    const times = day.filter((event) => find(event.messageId) === event).map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
    for (const time of times) expect(time).toMatch(/^2026-03-14T\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('describes the defect and the outcome of every bad line', () => {
    for (const event of day)
      expect([event.messageId, event.comment !== undefined]).toEqual([
        event.messageId,
        event.expect !== undefined,
      ]);
    expect(bad.map((event) => [event.messageId, event.expect])).toEqual([
      ['day-0005', { trackEvent: 'identity_invalid_user_id' }],
      ['day-0102', { updateUser: 'delivered' }],
      ['day-0151', { trackPurchase: 'payload_required:total' }],
      ['day-0186', { trackPurchase: 'payload_required:items[1].quantity' }],
      ['day-0200', { updateCart: 'payload_required:items' }],
      ['day-0221', { updateUser: 'identity_invalid_email' }],
      ['day-0289', { trackEvent: 'payload_wrong_type:campaignId' }],
      ['day-0295', { trackEvent: 'identity_invalid_email' }],
      ['day-0311', { updateCart: 'payload_wrong_type:items[0].price' }],
      ['day-0329', { updateUser: 'destination_field_type_conflict:dataFields.loyaltyPoints' }],
      ['day-0330', { trackEvent: 'destination_field_type_conflict:dataFields.price' }],
    ]);
  });

  it('expects a rejection for every event without a user, and for no other', () => {
    for (const event of day) {
      const named =
        event.userId ??
        dataOf(event)['email'] ??
        (event.context?.['traits'] as Fields | undefined)?.['email'];
      const taken = event.type === 'track' || event.type === 'identify';
      expect([event.messageId, reasons(event).includes('identity_missing')]).toEqual([
        event.messageId,
        taken && named === undefined,
      ]);
      expect([event.messageId, reasons(event).includes('no_matching_mapping')]).toEqual([
        event.messageId,
        !taken,
      ]);
    }
  });

  it('has the bad userId beyond the limit, and all others within', () => {
    const tooLong = day.filter(({ userId }) => (userId ?? '').length > 52);
    expect(tooLong.map(({ userId, expect: end }) => [userId!.length, end])).toEqual([
      [60, { trackEvent: 'identity_invalid_user_id' }],
    ]);
  });
});

describe('its e-commerce events', () => {
  const spec: Record<string, string[]> = {
    'Products Searched': ['query'],
    'Product List Viewed': ['list_id', 'category', 'products'],
    'Product Viewed': ['product_id', 'sku', 'name', 'category', 'price', 'currency'],
    'Product Added': ['cart_id', 'product_id', 'sku', 'name', 'category', 'price', 'quantity'],
    'Product Removed': ['cart_id', 'product_id', 'sku', 'name', 'category', 'price', 'quantity'],
    'Cart Viewed': ['cart_id'],
    'Cart Updated': ['cart_id', 'products'],
    'Checkout Started': ['order_id', 'affiliation', 'value', 'currency', 'products'],
    'Payment Info Entered': ['order_id', 'shipping_method', 'payment_method'],
    'Coupon Applied': ['order_id', 'cart_id', 'coupon_id', 'coupon_name', 'discount'],
    'Order Completed': ['order_id', 'affiliation', 'subtotal', 'tax', 'total', 'currency', 'products'],
    'Order Refunded': ['order_id', 'total', 'currency', 'products'],
    'Product Reviewed': ['product_id', 'review_id', 'review_body', 'rating'],
    'Product Added to Wishlist': ['wishlist_id', 'product_id', 'sku', 'name', 'category', 'price'],
    'Product Shared': ['share_via', 'product_id', 'name'],
    'Promotion Clicked': ['promotion_id', 'creative', 'name'],
  };
  const line = ['product_id', 'sku', 'name', 'price', 'category', 'url', 'image_url', 'brand'];

  it('have the required properties of the spec, except where the line names a missing one', () => {
    const missing = tracks.flatMap(({ messageId, event, properties }) => {
      const own = (spec[event] ?? []).filter((key) => !(key in properties));
      const lines = (properties['products'] ?? []) as Fields[];
      const lineKeys = event === 'Product List Viewed' ? [...line, 'position'] : [...line, 'quantity'];
      const inLines = lines.flatMap((each, index) =>
        lineKeys.filter((key) => !(key in each)).map((key) => `items[${index}].${key}`),
      );
      return [...own, ...inLines].map((path) => `${messageId} ${path.replace('products', 'items')}`);
    });
    const named = bad.flatMap((event) =>
      reasons(event)
        .filter((reason) => reason.startsWith('payload_required:'))
        .map((reason) => `${event.messageId} ${reason.split(':')[1]}`),
    );
    expect(missing).toEqual(named);
    expect(named).toHaveLength(3);
    expect(Object.keys(spec).filter((event) => !tracks.some((each) => each.event === event))).toEqual([]);
  });

  it('add up', () => {
    const orders = tracks.filter(
      ({ event, properties }) => event === 'Order Completed' && 'total' in properties,
    );
    for (const { messageId, properties } of orders) {
      const {
        subtotal,
        discount = 0,
        shipping = 0,
        tax,
        total,
        currency,
        products,
      } = properties as Record<string, number> & {
        currency: string;
        products: { price: number; quantity?: number }[];
      };
      const lines = products.reduce((sum, { price, quantity = 1 }) => sum + price * quantity, 0);
      expect([messageId, lines.toFixed(2)]).toEqual([messageId, subtotal!.toFixed(2)]);
      const due = subtotal! - discount + shipping + (currency === 'USD' ? tax! : 0);
      expect([messageId, due.toFixed(2)]).toEqual([messageId, total!.toFixed(2)]);
    }
    expect(orders.length).toBeGreaterThanOrEqual(15);
  });
});

describe('its field types, which the first value sets in Iterable', () => {
  const isoDate = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/;
  const typeOf = (value: Json): string => {
    if (Array.isArray(value)) return `array of ${[...new Set(value.map(typeOf))].join(', ')}`;
    if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
    if (typeof value === 'string') return isoDate.test(value) ? 'date' : 'string';
    return typeof value;
  };
  /** Every field under its dotted path; the elements of an array share the path of the array. */
  const fieldsOf = (value: Json, path: string): [string, string][] => {
    if (value === null) return [];
    if (Array.isArray(value)) return value.flatMap((each) => fieldsOf(each, path));
    if (typeof value !== 'object') return [[path, typeOf(value)]];
    return Object.entries(value).flatMap(([key, each]) =>
      fieldsOf(each, path === '' ? key : `${path}.${key}`),
    );
  };
  const stored = (event: DayEvent): Json[] =>
    event.type === 'track' || event.type === 'identify'
      ? [dataOf(event), event.context?.['traits'] ?? {}]
      : [];
  const refused = (event: DayEvent) => reasons(event).some((reason) => reason !== 'delivered');

  // One table for the whole project: stricter than Iterable, which keeps one per event name.
  const types = new Map<string, string>();
  const conflicts: string[] = [];
  for (const event of day) {
    if (
      refused(event) &&
      !reasons(event).some((reason) => reason.startsWith('destination_field_type_conflict'))
    )
      continue;
    for (const [path, type] of stored(event).flatMap((value) => fieldsOf(value, ''))) {
      const first = types.get(path) ?? type;
      types.set(path, first);
      if (first !== type)
        conflicts.push(`${event.messageId} destination_field_type_conflict:dataFields.${path}`);
    }
  }

  it('never change, except for the two marked lines', () => {
    const named = bad.flatMap((event) => reasons(event).map((reason) => `${event.messageId} ${reason}`));
    expect(conflicts).toEqual(named.filter((each) => each.includes('destination_field_type_conflict')));
    expect(conflicts).toHaveLength(2);
  });

  it('are decimals for money, whole numbers for counts and dates only for dates', () => {
    const last = (path: string) => path.split('.').at(-1)!;
    const named = (type: string) => [
      ...new Set([...types].filter(([, each]) => each === type).map(([path]) => last(path))),
    ];
    expect(named('double').sort()).toEqual([
      'discount',
      'price',
      'shipping',
      'subtotal',
      'tax',
      'total',
      'value',
    ]);
    expect(named('long').sort()).toEqual(['campaignId', 'loyaltyPoints', 'position', 'quantity', 'rating']);
    expect(named('date').sort()).toEqual(['createdAt', 'estimated_delivery']);
    expect(
      text.match(/"\d{4}-\d\d-\d\d[^"]*"/g)!.filter((date) => !/T\d\d:\d\d:\d\d\.\d{3}Z"$/.test(date)),
    ).toEqual([]);
  });

  it('have keys without dots', () => {
    const keys = (value: Json): string[] =>
      value === null || typeof value !== 'object'
        ? []
        : Array.isArray(value)
          ? value.flatMap(keys)
          : Object.entries(value).flatMap(([key, each]) => [key, ...keys(each)]);
    expect(
      day
        .flatMap(stored)
        .flatMap(keys)
        .filter((key) => key.includes('.')),
    ).toEqual([]);
  });
});

describe('the end of day worked out by hand', () => {
  it('names every custom event and purchase of the three, and no other', () => {
    for (const { userId, events, purchases } of customers) {
      const own = tracks.filter((event) => event.userId === userId && event.expect === undefined);
      const custom = own.filter(({ event }) => event !== 'Cart Updated' && event !== 'Order Completed');
      expect(events.map(({ id, eventName, createdAt }) => [id, eventName, createdAt])).toEqual(
        custom.map(({ messageId, event, timestamp }) => [
          messageId,
          event,
          Math.floor(Date.parse(timestamp) / 1000),
        ]),
      );
      expect(events.map(({ dataFields }) => dataFields)).toEqual(custom.map(({ properties }) => properties));
      const orders = own.filter(({ event }) => event === 'Order Completed');
      expect(purchases.map(({ id }) => id)).toEqual(orders.map(({ properties }) => properties['order_id']));
    }
    expect(customers).toHaveLength(3);
  });
});
