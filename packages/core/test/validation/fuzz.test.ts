import { computed, limitNow } from '../cpu.ts';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Fields } from '../../src/define/fields.ts';
import { FORMATS } from '../../src/validation/formats.ts';
import { compileValidator } from '../../src/validation/validator.ts';
import { deepFreeze } from './freeze.ts';
import { anyFields, payloadOf } from './generate.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 2_000);
const SLOWEST_MS = 50;

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 6 }),
  fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString', ''), fc.jsonValue()),
) as fc.Arbitrary<unknown>;

/** `JSON.parse` makes `__proto__` an own member, which object literals cannot. */
const parsed = (text: string): unknown => JSON.parse(text) as unknown;

describe('a validator', () => {
  it(
    'answers for every value, changes none, accepts its own output, and never changes a prototype',
    () => {
      const before = Object.getOwnPropertyNames(Object.prototype).join();
      const cases = anyFields.chain((fields) =>
        fc.tuple(
          fc.constant(fields),
          fc.array(fc.oneof(anyJson, payloadOf(fields)), { minLength: 1, maxLength: 5 }),
        ),
      );
      fc.assert(
        fc.property(cases, ([fields, values]) => {
          for (const execution of ['generated', 'closures'] as const) {
            const validate = compileValidator(deepFreeze(fields), { execution });
            for (const value of values) {
              const result = validate(deepFreeze(value));
              if (!result.ok) {
                expect(result.issues.length).toBeGreaterThan(0);
                continue;
              }
              // The prototype is that of any plain object, or none.
              const prototype = Object.getPrototypeOf(result.payload) as object | null;
              expect(prototype && Object.getPrototypeOf(prototype)).toBe(null);
              // Cleaning is idempotent: a payload passes unchanged, as the same object.
              expect(validate(deepFreeze(result.payload))).toEqual({
                ok: true,
                payload: result.payload,
                changes: [],
              });
            }
          }
        }),
        { numRuns: Math.ceil(RUNS / 5) },
      );
      expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
    },
    30_000 + RUNS * 20,
  );

  it('treats members with the names of built-in ones like all others', () => {
    const text = { label: 'x', description: '', type: 'string' } as const;
    const fields: Fields = {
      constructor: { ...text, required: true },
      toString: text,
      list: { ...text, type: 'object', multiple: true, properties: { valueOf: { ...text, required: true } } },
    };
    for (const execution of ['generated', 'closures'] as const) {
      const validate = compileValidator({ ...fields }, { execution });
      expect(validate({ list: [{}] })).toMatchObject({
        ok: false,
        issues: [{ path: 'constructor' }, { path: 'list[0].valueOf' }],
      });
      expect(validate({ constructor: 'a', list: [{ valueOf: 1 }] })).toMatchObject({
        ok: true,
        payload: { constructor: 'a', list: [{ valueOf: '1' }] },
      });
    }
  });

  it('keeps a member called __proto__ as an own member, or removes it', () => {
    const object = { label: 'x', description: '', type: 'object' } as const;
    const fields: Fields = {
      open: { ...object, additionalProperties: true, properties: { n: { ...object, type: 'number' } } },
    };
    for (const execution of ['generated', 'closures'] as const) {
      const validate = compileValidator({ ...fields }, { execution });
      const raw = parsed('{"__proto__":{"admin":true},"open":{"__proto__":{"admin":true},"n":"5"}}');
      const result = validate(deepFreeze(raw));
      expect(JSON.stringify(result)).toContain('"payload":{"open":{"__proto__":{"admin":true},"n":5}}');
      expect(result.ok && (result.payload['open'] as { admin?: boolean }).admin).toBe(undefined);
      expect(({} as { admin?: boolean }).admin).toBe(undefined);
    }
  });

  it('refuses fields that are unsafe in payloads', () => {
    const fields = parsed('{"__proto__":{"label":"x","description":"","type":"string"}}') as Fields;
    expect(() => compileValidator(fields)).toThrow(TypeError);
  });

  it('reads hostile text in every format within the time limit', () => {
    const starts = [
      '',
      'a@',
      'http://',
      'http://a',
      '{+',
      '2026-01-01T',
      '10:00:00',
      'urn:uuid:',
      '::',
      '/',
      '?',
    ];
    const bodies = [
      'a',
      '1',
      '.',
      '-',
      'a.',
      'a-',
      '1:',
      '::',
      '{a,',
      '%aa',
      '/',
      'a@a.',
      ' ',
      '\t',
      '(a+)+',
      '😀',
    ];
    const ends = ['', '!', '\n', '@', '{'];
    let slowest = 0;
    for (const test of Object.values(FORMATS)) {
      for (const start of starts) {
        for (const body of bodies) {
          for (const end of ends) {
            for (const length of [2_040, 32_000]) {
              const text = `${(start + body.repeat(length)).slice(0, length)}${end}`;
              const began = computed();
              test(text);
              slowest = Math.max(slowest, computed() - began);
            }
          }
        }
      }
    }
    expect(slowest).toBeLessThan(limitNow(SLOWEST_MS));
  });

  it('reports at most a hundred problems of a payload, for any number of invalid lines', () => {
    const text = { label: 'x', description: '', type: 'string', required: true } as const;
    const fields: Fields = {
      items: { ...text, type: 'object', multiple: true, properties: { a: text, b: text } },
    };
    for (const execution of ['generated', 'closures'] as const) {
      const result = compileValidator(
        { ...fields },
        { execution },
      )({ items: Array.from({ length: 10_000 }, () => ({})) });
      expect(result.ok ? 0 : result.issues.length).toBe(100);
    }
  });
});
