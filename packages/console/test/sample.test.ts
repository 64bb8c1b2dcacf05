import { describe, expect, it } from 'vitest';
import { normaliseEvent } from '@waybill/core';
import { exampleEvents } from '../src/editor/examples.ts';
import { fixtures } from '../src/editor/fixtures.ts';
import { outlookOf } from '../src/editor/outlook.ts';

describe('example events', () => {
  const receivedAt = Date.parse('2026-01-15T12:00:00Z');
  const events = exampleEvents(receivedAt);

  it('are valid events of every type, each with a unique id', () => {
    const reception = { receivedAt, newMessageId: () => 'none' };
    for (const event of events)
      expect(normaliseEvent(event, reception)).toMatchObject({
        ok: true,
        value: { messageId: event.messageId },
      });
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(events.length);
    expect(new Set(events.map(({ type }) => type)).size).toBe(6);
  });

  it('have amounts that add up', () => {
    const { properties } = events.find(({ event }) => event === 'Order Completed')!;
    const { products, ...rest } = properties as Readonly<Record<string, unknown>>;
    const order = rest as Readonly<Record<string, number>>;
    const lines = products as readonly { readonly price: number; readonly quantity: number }[];
    expect(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)).toBe(order['subtotal']);
    expect(order['revenue']).toBeCloseTo(order['subtotal']! - order['discount']!);
    expect(order['total']).toBeCloseTo(order['revenue']! + order['shipping']! + order['tax']!);
  });
});

it('stores events under a name, and skips invalid ones', () => {
  const kept = new Map([['waybill.fixtures', '[{"name":"broken"},{"name":"x","event":null}]']]);
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  expect(fixtures.all(storage)).toEqual([]);
  const event = exampleEvents(0)[0]!;
  fixtures.keep(storage, { name: 'person', event });
  expect(fixtures.all(storage)).toEqual([{ name: 'person', event }]);
  fixtures.forget(storage, 'person');
  expect(fixtures.all(storage)).toEqual([]);
});

it('compares the outcomes of events before and after, sent ones first', () => {
  const total = { destination: 'd', mappingId: 'm' };
  const skipped = { ...total, outcome: 'skipped', code: 'no_matching_mapping' } as const;
  const sent = { ...total, outcome: 'sent' } as const;
  const rejected = { ...total, outcome: 'rejected', code: 'payload_required' } as const;
  const changes = outlookOf({
    events: 10,
    matched: 6,
    calls: 1,
    outcomes: [
      { ...skipped, count: 4 },
      { ...sent, count: 6 },
    ],
    before: [
      { ...rejected, count: 3 },
      { ...sent, count: 3 },
      { ...skipped, count: 4 },
    ],
  });
  expect(changes).toEqual([
    { outcome: 'sent', code: undefined, before: 3, after: 6 },
    { outcome: 'rejected', code: 'payload_required', before: 3, after: 0 },
    { outcome: 'skipped', code: 'no_matching_mapping', before: 4, after: 4 },
  ]);
});
