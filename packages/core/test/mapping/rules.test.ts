import { expect, test } from 'vitest';
import {
  compileMapping,
  evaluateReference,
  MappingError,
  MappingEvaluationError,
  RULES,
} from '../../src/mapping/index.ts';
import { deepFreeze, EXECUTIONS, segment, throwing } from './support.ts';

const path = (text: string) => ({ '@path': text });

/** The result of all executions, after checking that they agree. */
function waybill(mapping: unknown, event: unknown): unknown {
  const [first, ...others] = EXECUTIONS.map((execution) => compileMapping(mapping, { execution })(event));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

/** The rules that the reference interpreter meets. */
function met(mapping: unknown, event: unknown): string[] {
  const rules = new Set<string>();
  evaluateReference(mapping, event, { differs: (rule) => rules.add(rule) });
  return [...rules];
}

test('M1: a broken directive inside a list or a branch is found at compile', () => {
  const mapping = {
    list: [{ '@nope': 1 }, { '@path': 'a', b: 1 }],
    branch: { '@if': { exists: path('$.a'), then: { '@case': { operator: 'LOWER', value: 'X' } } } },
  };
  const { problems } = throwing(MappingError, () => compileMapping(mapping));
  expect(problems.map(({ code, path }) => [code, path])).toEqual([
    ['mapping_unknown_directive', 'list[0]'],
    ['mapping_mixed_directive', 'list[1]'],
    ['mapping_invalid_directive', 'branch.@if.then.@case.operator'],
  ]);
  expect(segment({ branch: mapping.branch }, {})).toEqual({});
  expect(() => segment({ list: mapping.list }, {})).toThrow();
  expect(() => segment({ branch: mapping.branch }, { a: 1 })).toThrow();
});

test('M2: a mapping nested deeper than 64 levels is refused', () => {
  let mapping: unknown = 1;
  for (let i = 0; i < 70; i++) mapping = { a: mapping };
  const { problems } = throwing(MappingError, () => compileMapping(mapping));
  expect(problems.map(({ code }) => code)).toEqual(['mapping_too_large']);
  expect(segment(mapping, {})).toEqual(mapping);
  const wide = { a: Array.from({ length: 10_001 }, () => 0) };
  expect(throwing(MappingError, () => compileMapping(wide)).problems[0]!.code).toBe('mapping_too_large');
  const repeating = compileMapping({ a: { '@template': '{{a}}'.repeat(50) } });
  expect(() => repeating({ a: 'x'.repeat(30_000) })).toThrow(MappingEvaluationError);
  expect(() => compileMapping({ a: { '@template': '{{a}}'.repeat(1001) } })).toThrow(MappingError);
  const long = { a: 'x'.repeat(500_001) };
  expect(throwing(MappingError, () => compileMapping(long)).problems[0]!.code).toBe('mapping_too_large');
});

test('M3: mapping and event may be frozen, and Liquid counters stay in their template', () => {
  const mapping = deepFreeze({
    a: { '@replace': { pattern: 'x', value: path('$.a') } },
    b: { '@liquid': '{% increment n %}{% increment n %}' },
    c: path('$.n'),
  });
  const event = deepFreeze({ a: 'axb', n: 5 });
  expect(waybill(mapping, event)).toEqual({ a: 'ab', b: '56', c: 5 });
  expect(segment(mapping, event)).toEqual({ a: 'ab', b: '56', c: 7 });
  expect(met(mapping, event)).toEqual(['M3']);
});

test('M4: a path never reads what only a prototype has', () => {
  const mapping = {
    a: path('$.constructor.name'),
    b: { '@template': '[{{a.length}}{{a.constructor.name}}]' },
    c: { '@arrayPath': ['$.list.constructor', { x: path('name') }] },
    d: path('$.list.length'),
  };
  const event = { a: 'text', list: [1] };
  expect(waybill(mapping, event)).toEqual({ b: '[4]', d: 1 });
  expect(segment(mapping, event)).toMatchObject({ a: 'Object', b: '[4String]' });
  expect(met(mapping, event)).toEqual(['M4']);
  expect(waybill({ a: path('$.constructor.name') }, { constructor: { name: 'own' } })).toEqual({ a: 'own' });
});

test('M5: a key named __proto__ stays an own member', () => {
  const event: unknown = JSON.parse('{"traits": {"__proto__": {"admin": true}, "plan": "a"}}');
  const mapping: unknown = JSON.parse(
    '{"a": {"@path": "$.traits"}, "b": {"__proto__": {"@path": "$.traits.plan"}}, "c": {"@merge": {"direction": "right", "objects": [{"@path": "$.traits"}]}}, "d": {"@flatten": {"separator": ".", "value": {"@path": "$.traits"}}}}',
  );
  const payload = waybill(mapping, event) as Record<string, Record<string, unknown>>;
  expect(JSON.stringify(payload)).toBe(
    '{"a":{"__proto__":{"admin":true},"plan":"a"},"b":{"__proto__":"a"},"c":{"__proto__":{"admin":true},"plan":"a"},"d":{"__proto__.admin":true,"plan":"a"}}',
  );
  for (const part of Object.values(payload)) {
    expect(Object.getPrototypeOf(part)).toBe(Object.prototype);
    expect(part['admin']).toBeUndefined();
  }
  const theirs = segment(mapping, event) as Record<string, Record<string, unknown>>;
  expect(theirs['a']!['admin']).toBe(true);
});

test('M6: else false gives false', () => {
  const mapping = { a: { '@if': { exists: path('$.a'), then: true, else: false } } };
  expect(waybill(mapping, {})).toEqual({ a: false });
  expect(segment(mapping, {})).toEqual({});
  expect(met(mapping, {})).toEqual(['M6']);
  expect(met(mapping, { a: 1 })).toEqual([]);
});

test('M7: replacing in a missing value gives nothing', () => {
  const mapping = { a: { '@replace': { pattern: 'x', value: path('$.a') } } };
  expect(waybill(mapping, {})).toEqual({});
  expect(waybill(mapping, { a: null })).toEqual({ a: null });
  expect(waybill(mapping, { a: ['x'] })).toEqual({ a: ['x'] });
  expect(segment(mapping, {})).toEqual({ a: '' });
  expect(met(mapping, {})).toEqual(['M7']);
});

test('M8: a dollar sign in a replacement is a dollar sign', () => {
  const mapping = { a: { '@replace': { pattern: 'b', replacement: '$&$$', value: path('$.a') } } };
  expect(waybill(mapping, { a: 'abc' })).toEqual({ a: 'a$&$$c' });
  expect(segment(mapping, { a: 'abc' })).toEqual({ a: 'ab$c' });
  expect(met(mapping, { a: 'abc' })).toEqual(['M8']);
});

test('M9: a template over a missing value is an empty string', () => {
  const mapping = { a: { '@template': path('$.a') }, b: { '@path': path('$.a') } };
  expect(waybill(mapping, {})).toEqual({ a: '' });
  expect(() => segment(mapping, {})).toThrow();
  expect(met(mapping, {})).toEqual(['M9']);
  for (const execution of EXECUTIONS) {
    const map = compileMapping({ a: { '@template': path('$.a') } }, { execution });
    expect(throwing(MappingEvaluationError, () => map({ a: {} })).path).toBe('a.@template');
  }
});

test('M10: braces inside a value are not read', () => {
  const mapping = { a: { '@template': '{{{name}}}' } };
  const event = { name: '{{secret}}', secret: 's' };
  expect(waybill(mapping, event)).toEqual({ a: '{{secret}}' });
  expect(segment(mapping, event)).toEqual({ a: 's' });
  expect(met(mapping, event)).toEqual(['M10']);
});

test('M11: a member named toString does not break a template', () => {
  const mapping = {
    a: { '@template': '{{a}} {{list}}' },
    b: { '@if': { blank: path('$.a'), then: 'filled', else: 'blank' } },
  };
  const event = { a: { toString: 1 }, list: [{ toString: 'x' }] };
  expect(waybill(mapping, event)).toEqual({ a: '[object Object] [object Object]', b: 'filled' });
  expect(() => segment(mapping, event)).toThrow();
  expect(met(mapping, event)).toEqual(['M11']);
});

test('M12: transform inside a list of strings reads nothing', () => {
  const mapping = {
    a: {
      '@arrayPath': [
        '$.list',
        { b: { '@transform': { apply: { c: path('$.d') }, mapping: { e: path('$.c') } } } },
      ],
    },
  };
  expect(waybill(mapping, { list: ['x', { d: 1 }] })).toEqual({ a: [{ b: {} }, { b: { e: 1 } }] });
  expect(() => segment(mapping, { list: ['x', { d: 1 }] })).toThrow();
  expect(met(mapping, { list: ['x'] })).toEqual(['M12']);
});

test('M13: an item that is missing is null', () => {
  const mapping = { a: [path('$.a'), { b: path('$.b') }], traits: path('$.traits'), fixed: { list: [1] } };
  const event = { traits: { plan: 'a' } };
  expect(waybill(mapping, event)).toEqual({ a: [null, {}], traits: { plan: 'a' }, fixed: { list: [1] } });
  expect(segment(mapping, event)).toEqual({
    a: [undefined, {}],
    traits: { plan: 'a' },
    fixed: { list: [1] },
  });
  const payload = compileMapping(mapping)(event) as Record<string, unknown>;
  expect(payload['traits']).toBe(event.traits);
  expect(Object.isFrozen(payload['fixed'])).toBe(true);
});

test('M14: a template that doubles a string again and again fails for that event', () => {
  const doubling = '{% assign t = t | append: t %}'.repeat(30);
  const mapping = { a: { '@liquid': `{% assign t = text %}${doubling}{{ t | size }}` } };
  for (const execution of EXECUTIONS) {
    const map = compileMapping(mapping, { execution });
    expect(throwing(MappingEvaluationError, () => map({ text: 'x'.repeat(100) }))).toMatchObject({
      code: 'mapping_failed',
      path: 'a.@liquid',
    });
    expect(map({ text: '' })).toEqual({ a: '0' });
  }
});

test('M15: a failure names the directive', () => {
  const mapping = { user: { phone: { '@waybill.phone': { value: path('$.phone'), country: 'DE' } } } };
  for (const execution of EXECUTIONS) {
    const map = compileMapping(mapping, { execution });
    const error = throwing(MappingEvaluationError, () => map({ phone: 'call me' }));
    expect(error).toMatchObject({ code: 'mapping_failed', path: 'user.phone["@waybill.phone"]' });
    expect(error.message).toBe('"call me" is not a phone number.');
    expect(map({ phone: '030 901820' })).toEqual({ user: { phone: '+4930901820' } });
    expect(throwing(MappingEvaluationError, () => map('text')).path).toBe('');
  }
});

test('M16: the whole of a missing scope is written as nothing', () => {
  const mapping = {
    a: { '@transform': { apply: path('$.nope'), mapping: { b: { '@template': '[{{ }}]' } } } },
  };
  expect(waybill(mapping, {})).toEqual({ a: { b: '[]' } });
  expect(segment(mapping, {})).toEqual({ a: { b: '[[object Object]]' } });
  expect(met(mapping, {})).toEqual(['M16']);
});

test('M17: what transform applies may have a root directive', () => {
  const apply = {
    __segment_internal_directive: { '@transform': { apply: { o: path('$.order') } } },
    x: path('$.o.id'),
  };
  const mapping = { a: { '@transform': { apply, mapping: { y: path('$.x') } } } };
  expect(waybill(mapping, { order: { id: 1 } })).toEqual({ a: { y: 1 } });
  expect(() => segment(mapping, { order: { id: 1 } })).toThrow();
});

test('M18: a string among the objects of a merge adds nothing', () => {
  const mapping = { a: { '@merge': { direction: 'right', objects: [path('$.a'), { x: 1 }, path('$.n')] } } };
  expect(waybill(mapping, { a: 'ab', n: 5 })).toEqual({ a: { x: 1 } });
  expect(segment(mapping, { a: 'ab', n: 5 })).toEqual({ a: { 0: 'a', 1: 'b', x: 1 } });
  expect(met(mapping, { a: 'ab' })).toEqual(['M18']);
  expect(met(mapping, { a: ['ab'] })).toEqual([]);
});

test('every rule has a test with its name', async () => {
  const { readFileSync } = await import('node:fs');
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  for (const rule of RULES) expect(source).toContain(`test('${rule.test}'`);
  expect(RULES.map((rule) => rule.id)).toEqual(RULES.map((_, i) => `M${i + 1}`));
});
