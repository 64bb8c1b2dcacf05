import { describe, expect, it } from 'vitest';
import { ERRORS } from '@waybill/core';
import { GERMAN } from '../src/i18n/refusals/german.ts';

/** What translations must not change: code, names of files, variables, members and headers, numbers. */
const KEPT =
  /`[^`]+`|\b[\w-]+(?:\/[\w-]+)*\.(?:md|json)\b|\b[A-Z][A-Z_]{4,}\b|\b(?:properties|traits|messageId|ETag|If-Match|Retry-After|x-csrf-token|localhost|admin-token|identify)\b|"\w+"|\b\d[\d,]*\b/g;

function kept(text: string): readonly string[] {
  // German groups digits with dots.
  return [...new Set(text.replaceAll(/(\d)\.(\d{3})/g, '$1,$2').match(KEPT))].toSorted();
}

const codes = Object.keys(ERRORS) as readonly (keyof typeof ERRORS)[];

describe('refusals in German', () => {
  it('exist for every code, and for no other', () => {
    expect(Object.keys(GERMAN).toSorted()).toEqual(codes.toSorted());
  });

  it.each(['message', 'remedy'] as const)('keep every name and number of the %s', (part) => {
    const lost = codes.filter((code) => `${kept(GERMAN[code][part])}` !== `${kept(ERRORS[code][part])}`);
    expect(lost).toEqual([]);
  });

  it.each(['message', 'remedy'] as const)('have their own %s, which is a sentence', (part) => {
    expect(codes.filter((code) => !/^[A-ZÄÖÜ].{5,}\.$/.test(GERMAN[code][part]))).toEqual([]);
    expect(codes.filter((code) => (GERMAN[code][part] as string) === ERRORS[code][part])).toEqual([]);
  });
});
