import { describe, expect, it } from 'vitest';
import { explainMapping } from '@waybill/core';
import { overPill, pillsOf } from '../src/editor/pills.ts';
import { traceOf, tracedAt } from '../src/editor/trace.ts';

const TEXTS = [
  'plain',
  '{{a}}',
  '{{{a}}} and {{ b.c }}{{d}}',
  '{{a {{{b}}} }}',
  '{{{{a}}}}',
  '{{}} {{ a',
  '{{a}b}} {{c}}',
  '}} {{x[0].y}} {{{z}}',
];

describe('the paths in a template', () => {
  it.each(TEXTS)('are those that the engine reads: %s', (text) => {
    const read = explainMapping({ f: { '@template': text } }, {}).fields[0]!.steps[0]!.reads;
    expect(pillsOf(text)).toHaveLength(read.length);
    for (const { start, end, path } of pillsOf(text)) {
      expect(text.slice(start, end)).toMatch(/^\{\{.*\}\}$/);
      expect(text.slice(start, end)).toContain(path);
    }
  });

  const pills = pillsOf('a {{b}} c');
  const caret = (at: number) => ({ start: at, end: at, isBackward: false });

  it('are selected and deleted as one from their ends, and edited from within', () => {
    expect(overPill(pills, caret(7), 'ArrowLeft', false)).toEqual({ selection: caret(2), isMoved: true });
    expect(overPill(pills, caret(2), 'ArrowRight', false)).toEqual({ selection: caret(7), isMoved: true });
    expect(overPill(pills, caret(7), 'Backspace', false)?.selection).toMatchObject({ start: 2, end: 7 });
    expect(overPill(pills, caret(2), 'Delete', false)?.selection).toMatchObject({ start: 2, end: 7 });
    for (const at of [0, 4, 9])
      for (const key of ['ArrowLeft', 'ArrowRight', 'Backspace', 'Delete', 'x'])
        expect(overPill(pills, caret(at), key, false)).toBeUndefined();
  });

  it('are moved into the selection, and out of it', () => {
    const backward = overPill(pills, { start: 7, end: 8, isBackward: true }, 'ArrowLeft', true);
    expect(backward?.selection).toEqual({ start: 2, end: 8, isBackward: true });
    expect(overPill(pills, backward!.selection, 'ArrowRight', true)?.selection).toMatchObject({
      start: 7,
      end: 8,
    });
    expect(overPill(pills, { start: 1, end: 7, isBackward: false }, 'Backspace', false)).toBeUndefined();
  });
});

it('shows the result of a directive at its place, for each item of a list', () => {
  const item = { sku: { '@case': { value: { '@path': '$.sku' }, operator: 'upper' } } };
  const values = { 'a.b': { '@path': '$.x' }, items: { '@arrayPath': ['$.list', item] } };
  const trace = traceOf(explainMapping(values, { x: 1, list: [{ sku: 'tea' }, { sku: 'cup' }] }));
  expect(tracedAt(trace, ['a.b'], values['a.b'], 0)?.value).toBe(1);
  const at = ['items', '@arrayPath', '1', 'sku'];
  expect([0, 1, 9].map((turned) => tracedAt(trace, at, item.sku, turned)?.value)).toEqual([
    'TEA',
    'CUP',
    'CUP',
  ]);
  const inner = tracedAt(trace, [...at, '@case', 'value'], item.sku['@case'].value, 1);
  expect(inner).toEqual({ value: 'cup', reads: [{ path: 'sku', value: 'cup' }] });
  expect(tracedAt(trace, ['x'], 'constant', 0)).toBeUndefined();
});
