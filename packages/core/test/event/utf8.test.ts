import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { jsonBytes, utf8Length } from '../../src/event/utf8.ts';

const measured = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('counting bytes', () => {
  it('counts those of a string in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('counts those of any data in JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(jsonBytes(value)).toBe(measured(value));
      }),
      { numRuns: 500 },
    );
  });

  it('counts escapes, lone surrogates, omitted members, and toJSON', () => {
    for (const value of [
      '"\\\b\t\n\u000b\f\r\u0000\u001f\u007f\u2028',
      'a\ud800b\udc00',
      '\u00e9\u20ac\u{1f600}',
      [undefined, () => 1, Number.NaN, -0, 1e21, 0.1, -12.5],
      { a: undefined, b: Symbol('b'), c: { d: [] }, '"': {} },
      { at: new Date(0) },
      {},
      [],
      true,
      null,
    ]) {
      expect(jsonBytes(value)).toBe(measured(value));
    }
  });
});
