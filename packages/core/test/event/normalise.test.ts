import { describe, expect, it } from 'vitest';
import { normaliseEvent, type Reception } from '../../src/event/normalise.ts';

const receivedAt = Date.parse('2026-03-14T10:00:00.000Z');
const reception: Reception = { receivedAt, newMessageId: () => 'made-1' };

function normalised(raw: unknown, more: Partial<Reception> = {}) {
  const result = normaliseEvent(raw, { ...reception, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

function problems(raw: unknown, more: Partial<Reception> = {}) {
  const result = normaliseEvent(raw, { ...reception, ...more });
  return result.ok ? [] : result.issues.map((issue) => `${issue.path}: ${issue.code}`);
}

describe('an event', () => {
  it('gets its type from the path of the request', () => {
    expect(normalised({ userId: 'u', type: 'track' }, { type: 'identify' }).type).toBe('identify');
  });

  it('keeps its members, converts ids to strings, and gets a messageId when it has none', () => {
    expect(normalised({ type: 'track', event: 'A', userId: 7, properties: { a: [1] }, extra: true })).toEqual(
      {
        type: 'track',
        event: 'A',
        userId: '7',
        properties: { a: [1] },
        extra: true,
        messageId: 'made-1',
        context: {},
        timestamp: '2026-03-14T10:00:00.000Z',
        receivedAt: '2026-03-14T10:00:00.000Z',
      },
    );
  });

  it('never keeps a write key', () => {
    expect(normalised({ type: 'page', userId: 'u', writeKey: 'secret' })).not.toHaveProperty('writeKey');
  });

  it('inherits context and integrations from its batch', () => {
    const event = normalised(
      { type: 'page', userId: 'u', context: { own: 1 } },
      { context: { batch: 1 }, integrations: { All: false } },
    );
    expect(event.context).toEqual({ own: 1 });
    expect(event.integrations).toEqual({ All: false });
  });

  it.each([
    [
      'a clock two hours slow is corrected',
      '2026-03-14T07:00:00.000Z',
      '2026-03-14T08:00:00.000Z',
      '2026-03-14T09:00:00.000Z',
    ],
    [
      'a clock two hours fast is corrected',
      '2026-03-14T11:00:00.000Z',
      '2026-03-14T12:00:00.000Z',
      '2026-03-14T09:00:00.000Z',
    ],
    [
      'the time a request takes is no wrong clock',
      '2026-03-14T09:59:57.500Z',
      '2026-03-14T09:59:58.000Z',
      '2026-03-14T09:59:57.500Z',
    ],
  ])('%s', (_name, timestamp, sentAt, expected) => {
    const event = normalised({ type: 'page', userId: 'u', timestamp, sentAt });
    expect(event.timestamp).toBe(expected);
    expect(event.originalTimestamp).toBe(timestamp);
  });

  it('reads and writes every day of a leap year and of a common year correctly', () => {
    for (const year of ['2024', '2026']) {
      for (let month = 1; month <= 12; month += 1) {
        for (let day = 1; day <= 31; day += 1) {
          const date = [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
          const timestamp = `${date}T08:00:00.000Z`;
          const event = normalised({ type: 'page', userId: 'u', timestamp });
          expect(event.timestamp).toBe(new Date(Date.parse(timestamp)).toISOString());
        }
      }
    }
  });

  it('keeps the time of a recorded event that is sent without sentAt', () => {
    expect(normalised({ type: 'page', userId: 'u', timestamp: '2020-01-01' }).timestamp).toBe(
      '2020-01-01T00:00:00.000Z',
    );
  });

  it.each([
    ['nothing', null, [': event_invalid']],
    ['a list', [], [': event_invalid']],
    ['an unknown type', { type: 'tarck', userId: 'u' }, ['type: event_invalid']],
    ['no user', { type: 'page' }, ['userId: event_invalid']],
    ['a track call without a name', { type: 'track', userId: 'u' }, ['event: event_invalid']],
    ['a group call without a group', { type: 'group', userId: 'u' }, ['groupId: event_invalid']],
    ['an alias call without the previous id', { type: 'alias', userId: 'u' }, ['previousId: event_invalid']],
    ['traits that are text', { type: 'identify', userId: 'u', traits: 'x' }, ['traits: event_invalid']],
    ['a userId that is an object', { type: 'page', userId: {}, anonymousId: 'a' }, ['userId: event_invalid']],
    ['a time that is none', { type: 'page', userId: 'u', timestamp: 'noon' }, ['timestamp: event_invalid']],
    [
      'a messageId of 101 characters',
      { type: 'page', userId: 'u', messageId: 'm'.repeat(101) },
      ['messageId: event_invalid'],
    ],
  ])('refuses %s, naming the place', (_name, raw, expected) => {
    expect(problems(raw)).toEqual(expected);
  });

  it.each([
    ['objects', (deep: unknown) => ({ deep })],
    ['lists', (deep: unknown) => [1, deep]],
  ])('refuses nesting of %s beyond 64 levels', (_name, within) => {
    let deep: unknown = 1;
    for (let level = 3; level <= 64; level++) deep = within(deep);
    expect(problems({ type: 'page', userId: 'u', properties: { deep } })).toEqual([]);
    expect(problems({ type: 'page', userId: 'u', properties: { deep: within(deep) } })).toEqual([
      ': event_too_deep',
    ]);
  });

  it('is created without changing the input', () => {
    const raw = Object.freeze({ type: 'page', userId: 7, context: Object.freeze({}) });
    expect(() => normalised(raw)).not.toThrow();
  });
});
