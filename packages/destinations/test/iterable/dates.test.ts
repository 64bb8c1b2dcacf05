import { describe, expect, it } from 'vitest';

import { epochSeconds, withIterableDates } from '../../src/iterable/fields/dates.ts';

describe('dates in data fields', () => {
  it.each([
    ['2026-03-01T10:00:00.000Z', '2026-03-01 10:00:00 +00:00'],
    ['2026-03-01T10:00:00Z', '2026-03-01 10:00:00 +00:00'],
    ['2026-03-01T10:00Z', '2026-03-01 10:00:00 +00:00'],
    ['2026-03-01T10:00:00.123456+02:00', '2026-03-01 08:00:00 +00:00'],
    ['2026-03-01T01:30:00-0330', '2026-03-01 05:00:00 +00:00'],
    ['2024-02-29T00:00:00Z', '2024-02-29 00:00:00 +00:00'],
  ])('%s becomes %s', (text, expected) => {
    expect(withIterableDates(text)).toBe(expected);
  });

  it.each([
    '2026-02-30T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:61:00Z',
    '2026-03-01T10:00:60Z',
    '2026-03-01T10:00:00+15:00',
    '2025-02-29T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-03-01',
    '2026-03-01T10:00:00',
    '2026-03-01 10:00:00',
    '2026-03-01 10:00:00 +02:00',
    'order of 2026-03-01T10:00:00Z',
    '2026-03-01T10:00:00Z ',
    '20260301T100000Z',
    '1772359200',
    '',
  ])('leaves "%s" unchanged', (text) => {
    expect(withIterableDates(text)).toBe(text);
  });

  it('converts in objects and lists, keeps null, drops undefined, and does not change its input', () => {
    const given = Object.freeze({
      a: Object.freeze(['2026-03-01T10:00:00Z', 1, null]),
      b: Object.freeze({ c: '2026-03-01T10:00:00Z' }),
      gone: undefined,
      removed: null,
    });
    expect(withIterableDates(given)).toStrictEqual({
      a: ['2026-03-01 10:00:00 +00:00', 1, null],
      b: { c: '2026-03-01 10:00:00 +00:00' },
      removed: null,
    });
  });

  it('treats a member named __proto__ as data', () => {
    const copy = withIterableDates(JSON.parse('{"__proto__": {"x": 1}}') as object);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"x":1}}');
    expect((copy as { x?: number }).x).toBeUndefined();
  });
});

describe('createdAt', () => {
  it.each([
    ['2026-03-01T10:00:00.999Z', 1_772_359_200],
    ['2026-03-01T12:00:00+02:00', 1_772_359_200],
    ['2026-03-01T10:00:00', 1_772_359_200],
    ['2026-03-01 10:00:00', 1_772_359_200],
    ['2026-03-01 10:00:00 +00:00', 1_772_359_200],
    ['2026-03-01', 1_772_323_200],
    [1_772_359_200, 1_772_359_200],
    [1_772_359_200_000, 1_772_359_200],
    [1_772_359_200.75, 1_772_359_200],
    ['1772359200', 1_772_359_200],
    ['1772359200000', 1_772_359_200],
    [' 1772359200 ', 1_772_359_200],
    [0, 0],
    [-86_400, -86_400],
    ['March 1, 2026 10:00', 1_772_359_200],
  ])('%p is %p', (value, expected) => {
    expect(epochSeconds(value)).toBe(expected);
  });

  it.each(['yesterday', '', Number.NaN, Number.POSITIVE_INFINITY])('%p is not a time', (value) => {
    expect(epochSeconds(value)).toBeUndefined();
  });
});
