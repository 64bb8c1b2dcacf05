import { describe, expect, it } from 'vitest';
import { codeOfStatus, ERRORS, failed, retryAfter } from '@waybill/core';

describe('Retry-After', () => {
  const now = Date.parse('2025-06-01T12:00:00Z');
  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 2 ', 2_000],
    ['Sun, 01 Jun 2025 12:01:00 GMT', 60_000],
    ['Sun, 01 Jun 2025 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%p is %p ms', (value, expected) => {
    expect(retryAfter(value, now)).toBe(expected);
  });
});

describe('a status', () => {
  it.each([
    [302, 'destination_unreadable_answer'],
    [400, 'destination_rejected'],
    [401, 'destination_unauthorized'],
    [409, 'destination_rejected'],
    [429, 'destination_rate_limited'],
    [500, 'destination_unavailable'],
    [501, 'destination_rejected'],
    [599, 'destination_unavailable'],
  ])('%i means %s', (status, code) => {
    expect(codeOfStatus(status)).toBe(code);
  });
});

describe('a failure', () => {
  it('is retried where the registry marks it as retryable', () => {
    for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
      const { status } = failed(code, 'said', { field: 'name', afterMs: 5 });
      expect(status).toBe(ERRORS[code].retryable ? 'retry' : 'rejected');
    }
    expect(failed('destination_rate_limited', 'slower', { afterMs: 5, field: 'x' })).toEqual({
      status: 'retry',
      code: 'destination_rate_limited',
      message: 'slower',
      afterMs: 5,
    });
  });
});
