import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { FieldConditions, Fields } from '../../src/define/fields.ts';
import { evaluateConditions } from '../../src/validation/conditions.ts';
import { compileValidator } from '../../src/validation/validator.ts';

const on = (
  fieldKey: string,
  operator: 'is' | 'is_not',
  value?: string | readonly string[],
): FieldConditions => ({
  conditions: [value === undefined ? { fieldKey, operator } : { fieldKey, operator, value }],
});

describe('evaluateConditions', () => {
  const payload = { kind: 'a', user: { role: 'x' }, items: [{ kind: 'p' }, { sku: '1' }], none: null };

  it.each([
    ['a value', on('kind', 'is', 'a'), true],
    ['another value', on('kind', 'is', 'b'), false],
    ['any of a list', on('kind', 'is', ['b', 'a']), true],
    ['none of a list', on('kind', 'is_not', ['b', 'c']), true],
    ['a dotted path', on('user.role', 'is', 'x'), true],
    ['no value', on('missing', 'is'), true],
    ['null, which is no value', on('none', 'is'), true],
    ['some value', on('user.role', 'is_not'), true],
    ['a difference to nothing', on('missing', 'is_not', 'b'), false],
    ['no condition at all', { conditions: [] }, false],
  ] as const)('returns the result for %s', (_name, conditions, expected) => {
    expect(evaluateConditions(conditions, payload)).toBe(expected);
  });

  it('reads the sync mode and the settings of the mapping', () => {
    const conditions: FieldConditions = {
      match: 'all',
      conditions: [
        { type: 'syncMode', operator: 'is_not', value: 'delete' },
        { fieldKey: 'enable_batching', operator: 'is', value: true },
      ],
    };
    expect(evaluateConditions(conditions, {}, { syncMode: 'add', settings: { enable_batching: true } })).toBe(
      true,
    );
    expect(
      evaluateConditions(conditions, {}, { syncMode: 'delete', settings: { enable_batching: true } }),
    ).toBe(false);
    expect(evaluateConditions({ ...conditions, match: 'any' }, {}, { syncMode: 'add' })).toBe(true);
  });

  it('looks outside the line of a list first, then in the line', () => {
    const within = ['items', 1] as const;
    expect(evaluateConditions(on('kind', 'is', 'a'), payload, { within })).toBe(true);
    expect(evaluateConditions(on('sku', 'is', '1'), payload, { within })).toBe(true);
    expect(evaluateConditions(on('items.sku', 'is', '1'), payload, { within })).toBe(true);
    expect(evaluateConditions(on('items.kind', 'is', 'p'), payload, { within })).toBe(false);
  });

  it('can treat a missing field as different, for editors that hide fields', () => {
    expect(evaluateConditions(on('missing', 'is_not', 'b'), payload, { absentDiffers: true })).toBe(true);
  });

  it('agrees with validation', () => {
    const value = fc.constantFrom('a', 'b', undefined);
    const condition = fc.record({
      fieldKey: fc.constantFrom('x', 'y', 'o.z'),
      operator: fc.constantFrom('is' as const, 'is_not' as const),
      value: fc.constantFrom(undefined, 'a', ['a', 'b']),
    });
    const text = { label: 'T', description: '', type: 'string' } as const;
    fc.assert(
      fc.property(
        fc.record({
          match: fc.constantFrom('all' as const, 'any' as const),
          conditions: fc.array(condition),
        }),
        fc.record({ x: value, y: value, z: value }),
        (required, { x, y, z }) => {
          const fields: Fields = {
            x: text,
            y: text,
            o: { ...text, type: 'object', properties: { z: text } },
            target: { ...text, required },
          };
          const raw = JSON.parse(JSON.stringify({ x, y, o: { z } })) as unknown;
          for (const execution of ['generated', 'closures'] as const) {
            expect(compileValidator(fields, { execution })(raw).ok).toBe(!evaluateConditions(required, raw));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
