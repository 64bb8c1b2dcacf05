import { describe, expect, test } from 'vitest';
import { explainMapping, lintPortability } from '../../src/mapping/index.ts';

const path = (text: string) => ({ '@path': text });

describe('explainMapping', () => {
  test('shows the inputs and the result of each field', () => {
    const mapping = {
      email: { '@if': { exists: path('$.a.email'), then: path('$.a.email'), else: path('$.b.email') } },
      fixed: 1,
      gone: path('$.nope'),
    };
    expect(explainMapping(mapping, { b: { email: 'x@y.z' } })).toEqual({
      fields: [
        {
          field: 'email',
          value: 'x@y.z',
          steps: [
            {
              path: 'email.@if',
              directive: '@if',
              reads: [],
              value: 'x@y.z',
              differences: [],
              steps: [
                {
                  path: 'email.@if.exists.@path',
                  directive: '@path',
                  reads: [{ path: 'a.email' }],
                  differences: [],
                  steps: [],
                },
                {
                  path: 'email.@if.else.@path',
                  directive: '@path',
                  reads: [{ path: 'b.email', value: 'x@y.z' }],
                  value: 'x@y.z',
                  differences: [],
                  steps: [],
                },
              ],
            },
          ],
        },
        { field: 'fixed', value: 1, steps: [] },
        {
          field: 'gone',
          steps: [
            { path: 'gone.@path', directive: '@path', reads: [{ path: 'nope' }], differences: [], steps: [] },
          ],
        },
      ],
      steps: [],
      problems: [],
      shortened: false,
    });
  });

  test('names the differences from Segment that apply to the event', () => {
    const mapping = { a: { '@replace': { pattern: 'x', value: path('$.a') } } };
    expect(explainMapping(mapping, {}).fields[0]!.steps[0]!.differences).toEqual(['M7']);
    expect(explainMapping(mapping, { a: 'x' }).fields[0]!.steps[0]!.differences).toEqual([]);
  });

  test('explains why there is no payload', () => {
    expect(explainMapping({ a: { '@nope': 1 } }, {}).problems).toMatchObject([
      { code: 'mapping_unknown_directive', path: 'a' },
    ]);
    const failed = explainMapping({ a: { '@waybill.date': { value: path('$.when') } } }, { when: 'soon' });
    expect(failed.problems).toEqual([
      { code: 'mapping_failed', path: 'a["@waybill.date"]', message: '"soon" is not a date.' },
    ]);
    expect(failed.fields[0]!.steps[0]!.steps[0]!.reads).toEqual([{ path: 'when', value: 'soon' }]);
  });

  test('shows a root directive separately from its fields', () => {
    const mapping = {
      __segment_internal_directive: { '@transform': { apply: { o: path('$.order') } } },
      id: path('$.o.id'),
    };
    const { fields, steps } = explainMapping(mapping, { order: { id: 7 } });
    expect(fields).toMatchObject([{ field: 'id', value: 7 }]);
    expect(steps.map((step) => step.directive)).toEqual(['@transform']);
  });

  test('is JSON, and bounded for the largest event', () => {
    const list = Array.from({ length: 5000 }, (_, i) => ({ i, text: 'x'.repeat(500) }));
    const mapping = {
      items: { '@arrayPath': ['$.list', { a: path('$.text'), b: path('$.') }] },
      all: path('$.'),
    };
    const explained = explainMapping(mapping, { list });
    expect(explained.shortened).toBe(true);
    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
    expect(JSON.stringify(explained).length).toBeLessThan(1_000_000);
  });
});

describe('lintPortability', () => {
  test('finds nothing in a mapping with the same result on Segment', () => {
    expect(lintPortability({ a: path('$.a'), b: [{ '@if': { exists: path('b'), then: 0 } }] })).toEqual([]);
  });

  test("lists Waybill's own directives and those that Segment reads differently", () => {
    const mapping = {
      a: [{ '@waybill.get': ['a.b'] }],
      b: { '@if': { exists: path('b'), then: { '@waybill.number': { value: path('c') } }, else: false } },
      c: { '@replace': { pattern: 'x', replacement: '$', value: path('c') } },
    };
    expect(lintPortability(mapping)).toEqual([
      { path: 'a[0]["@waybill.get"]', directive: '@waybill.get', message: 'Segment has no @waybill.get.' },
      { path: 'b.@if', directive: '@if', message: 'Segment drops an "else" of false.', rule: 'M6' },
      {
        path: 'b.@if.then["@waybill.number"]',
        directive: '@waybill.number',
        message: 'Segment has no @waybill.number.',
      },
      {
        path: 'c.@replace',
        directive: '@replace',
        message: 'Segment interprets "$" in a replacement.',
        rule: 'M8',
      },
    ]);
  });
});
