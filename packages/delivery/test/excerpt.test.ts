import { describe, expect, it } from 'vitest';
import { excerpt } from '../src/engine/excerpt.ts';

const bytes = (value: unknown): number => JSON.stringify(value).length;

describe('an excerpt', () => {
  it('is the value itself when it is small', () => {
    const value = { a: [1, { b: 'text' }], when: new Date(0) };
    expect(excerpt(value, 1_000)).toEqual({ value, cut: false });
    expect(excerpt(value, 1_000).value).toBe(value);
  });

  it.each([
    ['a list', Array.from({ length: 5_000 }, (_, n) => ({ n, text: 'item' }))],
    ['an object', Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`member${n}`, n]))],
    ['a text', 'x'.repeat(50_000)],
    ['texts', { first: 'short', long: 'x'.repeat(50_000), last: 'short' }],
    ['lists in lists', { a: Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => 'y')) }],
    ['a long name', { ['n'.repeat(50_000)]: 1, other: 2 }],
  ])('of %s has about the allowed size and marks omissions', (_what, value) => {
    const { value: kept, cut } = excerpt(value, 2_000);
    expect(cut).toBe(true);
    expect(bytes(kept)).toBeLessThan(2_400);
    expect(JSON.stringify(kept)).toContain('[cut');
  });

  it('never cuts a string, so that a secret in it is whole or missing', () => {
    const value = {
      a: 'x'.repeat(1_950),
      secret: 'my-very-secret-key-that-is-long-enough-to-be-cut-somewhere',
    };
    expect(JSON.stringify(excerpt(value, 2_000).value)).not.toMatch(/my-very/);
  });
});
