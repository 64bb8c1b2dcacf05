import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { normaliseEvent } from '../../src/index.ts';

const RECEIVED = Date.UTC(2026, 2, 14, 10);
const KEYS = ['timestamp', 'originalTimestamp', 'sentAt'] as const;

/** The times of an event that has this value at the key; undefined when it is refused. */
function read(key: (typeof KEYS)[number], value: unknown): string | undefined {
  const event = { type: 'page', userId: 'u', [key]: value };
  const result = normaliseEvent(event, { receivedAt: RECEIVED, newMessageId: () => 'id' });
  if (!result.ok) return undefined;
  return key === 'sentAt' ? result.value.sentAt : result.value.originalTimestamp;
}

describe('times as numbers', () => {
  const anyTime = fc.integer({ min: Date.UTC(1973, 3), max: Date.UTC(2200, 0) });

  it.each(KEYS)('are read as seconds or milliseconds, as intended, at %s', (key) => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const second = Math.floor(time / 1000);
        const text = new Date(time).toISOString();
        for (const form of [time, String(time), ` ${time} `, time / 1000, (time / 1000).toFixed(3), text]) {
          expect(read(key, form)).toBe(text);
        }
        for (const form of [second, String(second), `${second}.0`]) {
          expect(read(key, form)).toBe(new Date(second * 1000).toISOString());
        }
      }),
    );
  });

  it.each(KEYS)('are never a day of 1970 to 1972, at %s', (key) => {
    const looksLikeNumber = fc
      .stringMatching(/^ ?[+-]?[0-9]{1,20}(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,3})? ?$/)
      // Four digits are a year.
      .filter((text) => !/^[0-9]{4}$/.test(text));
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), looksLikeNumber), (value) => {
        const year = Number(read(key, value)?.slice(0, 4) ?? 'NaN');
        expect(year >= 1970 && year < 1973).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['nothing', 0],
    ['a small number', 5],
    ['a small number as text', '5'],
    ['a negative number', -1_700_000_000],
    ['microseconds', 1_700_000_000_000_000],
    ['nanoseconds as text', '1700000000000000000'],
    ['a day without lines', '20240115'],
  ])('that are %s are refused', (_name, value) => {
    for (const key of KEYS) expect(read(key, value)).toBeUndefined();
  });

  it('may be a year', () => {
    expect(read('timestamp', '2024')).toBe('2024-01-01T00:00:00.000Z');
  });

  it('of sender and event correct a wrong clock like all others', () => {
    const slow = RECEIVED / 1000 - 3600;
    const event = { type: 'page', userId: 'u', timestamp: slow - 5, sentAt: String(slow) };
    const result = normaliseEvent(event, { receivedAt: RECEIVED, newMessageId: () => 'id' });
    expect(result.ok && result.value.timestamp).toBe(new Date(RECEIVED - 5000).toISOString());
  });
});

describe('the address of a sender', () => {
  const contextOf = (context: unknown, more: object = {}) => {
    const event = Object.freeze({ type: 'page', userId: 'u', context: Object.freeze(context) });
    const reception = { receivedAt: RECEIVED, newMessageId: () => 'id', ip: '203.0.113.7', ...more };
    const result = normaliseEvent(event, reception);
    return result.ok ? result.value.context : undefined;
  };

  it.each([
    ['of a page', {}, { fromPage: true }, '203.0.113.7'],
    ['of a page, without a context', undefined, { fromPage: true }, '203.0.113.7'],
    [
      'of a page, in the context of its batch',
      undefined,
      { fromPage: true, context: { locale: 'de' } },
      '203.0.113.7',
    ],
    ["of Segment's library for pages", { library: { name: 'analytics.js' } }, {}, '203.0.113.7'],
    [
      "of RudderStack's library for pages",
      { library: { name: 'RudderLabs JavaScript SDK' } },
      {},
      '203.0.113.7',
    ],
    ['of a page that names another', { ip: '0.0.0.0' }, { fromPage: true }, '0.0.0.0'],
    ['of a server', { library: { name: '@segment/analytics-node' } }, {}, undefined],
    ['of nobody known', {}, {}, undefined],
  ])('%s', (_name, context, more, ip) => {
    expect(contextOf(context, more)?.['ip']).toBe(ip);
  });
});
