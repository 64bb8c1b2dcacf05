import { describe, expect, test } from 'vitest';
import { runInNewContext } from 'node:vm';
import { compileMapping, MappingError, MappingEvaluationError, pathsOf } from '../../src/mapping/index.ts';
import { canGenerate } from '../../src/mapping/generate.ts';
import { EXECUTIONS, throwing } from './support.ts';

const path = (text: string) => ({ '@path': text });

describe('compileMapping', () => {
  test('does not keep references to its input', () => {
    for (const execution of EXECUTIONS) {
      const mapping = { a: path('$.a'), fixed: { list: [1] } };
      const map = compileMapping(mapping, { execution });
      mapping.a['@path'] = '$.b';
      mapping.fixed.list.push(2);
      expect(map({ a: 1, b: 2 })).toEqual({ a: 1, fixed: { list: [1] } });
    }
  });

  test('reports every problem, and the first one in its message', () => {
    const mapping = { a: { '@path': 5 }, b: [{ '@nope': 1 }] };
    const error = throwing(MappingError, () => compileMapping(mapping));
    expect(error.problems).toHaveLength(2);
    expect(error.message).toBe('a.@path: Expected a string or a directive, got a number. (and 1 more)');
  });

  test('refuses values that JSON lacks', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const value of [() => 1, Symbol('x'), 10n, NaN, new Date(0), new Map()]) {
      const { problems } = throwing(MappingError, () => compileMapping({ a: value }));
      expect(problems[0]!.code).toBe('mapping_invalid_shape');
    }
    expect(throwing(MappingError, () => compileMapping(cyclic)).problems[0]!.code).toBe('mapping_too_large');
  });

  test('accepts objects of other realms and without a prototype', () => {
    const mapping: unknown = runInNewContext(
      '({ a: { "@path": "$.x.y" }, b: [{ "@template": "{{x.y}}" }] })',
    );
    const event = Object.assign(Object.create(null) as object, { x: { y: 1 } });
    for (const execution of EXECUTIONS) {
      expect(compileMapping(mapping, { execution })(event)).toEqual({ a: 1, b: ['1'] });
    }
  });

  test('treats a missing event as empty, and refuses all other non-objects', () => {
    for (const execution of EXECUTIONS) {
      const map = compileMapping({ a: 1, b: path('$.b') }, { execution });
      expect(map(undefined)).toEqual({ a: 1 });
      for (const event of [null, 5, 'x', [], true]) {
        expect(throwing(MappingEvaluationError, () => map(event)).path).toBe('');
      }
    }
  });

  test('fails for an event that is too deep, and for no other reason', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 20_000; i++) deep = [deep];
    for (const execution of EXECUTIONS) {
      const map = compileMapping(
        { a: { '@flatten': { separator: '.', value: path('$.deep') } } },
        { execution },
      );
      expect(() => map({ deep })).toThrow(MappingEvaluationError);
    }
  });

  test('creates plain objects', () => {
    const payload = compileMapping({ a: { b: path('$.b') } }, { execution: 'generated' })({ b: 1 }) as {
      a: object;
    };
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(payload.a)).toBe(Object.prototype);
    expect(payload).toStrictEqual({ a: { b: 1 } });
  });

  test('works without code generation', () => {
    const generate = globalThis.Function;
    expect(canGenerate()).toBe(true);
    try {
      globalThis.Function = (() => {
        throw new EvalError('not allowed');
      }) as unknown as FunctionConstructor;
      expect(canGenerate()).toBe(false);
    } finally {
      globalThis.Function = generate;
    }
    expect(compileMapping({ a: path('$.a') }, { execution: 'closures' })({ a: 1 })).toEqual({ a: 1 });
  });
});

describe('pathsOf', () => {
  test('lists the paths that a mapping can read', () => {
    const mapping = {
      email: {
        '@if': {
          exists: path('$.properties.email'),
          then: path('$.properties.email'),
          else: path('$.context.traits.email'),
        },
      },
      name: { '@template': '{{traits.first}} {{traits.last}}' },
      items: {
        '@arrayPath': [
          '$.properties.products',
          { sku: path('$.sku'), currency: { '@waybill.event': '$.properties.currency' } },
        ],
      },
      cheap: {
        '@waybill.map': {
          over: {
            '@waybill.filter': {
              over: path('$.properties.products'),
              where: { path: 'price', operator: 'less', value: 5 },
            },
          },
          to: path('$.name'),
        },
      },
      liquid: { '@liquid': '{{ context.page.url | upcase }}' },
      dotted: { '@waybill.get': ['properties', 'a.b'] },
      step: { '@transform': { apply: { x: path('$.userId') }, mapping: { y: path('$.x') } } },
      fixed: 'x',
    };
    expect(pathsOf(mapping)).toEqual([
      'context.page.url',
      'context.traits.email',
      'properties.currency',
      'properties.email',
      'properties.products',
      'properties.products[].name',
      'properties.products[].sku',
      'properties["a.b"]',
      'traits.first',
      'traits.last',
      'userId',
    ]);
  });

  test('returns the empty path for the whole event', () => {
    expect(pathsOf({ all: path('$.') })).toEqual(['']);
  });
});
