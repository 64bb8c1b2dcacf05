import { describe, expect, it } from 'vitest';
import { completeTrigger, parseTrigger, TriggerError, triggerTokens } from '../../src/trigger/index.ts';

const KNOWN = [
  { segments: ['event'], examples: ['Order Completed', 'Signed Up'] },
  { segments: ['properties', 'total'], examples: [12.5] },
  { segments: ['properties', 'a b'] },
  { segments: ['properties', 'products', '[]', 'sku'], examples: ['A-1'] },
];

/** The completions at the bar in the text. */
function at(marked: string): { readonly inserts: readonly string[]; readonly replaced: string } {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, options } = completeTrigger(text, offset, KNOWN);
  return { inserts: options.map(({ insert }) => insert), replaced: text.slice(from, to) };
}

describe('completion', () => {
  it('offers fields, functions and words at the start', () => {
    const { inserts, replaced } = at('|');
    expect(inserts).toEqual(expect.arrayContaining(['type', 'properties.', 'contains(', 'any(', 'not ']));
    expect(inserts).toEqual(expect.arrayContaining(['properties.total', 'properties.a\\ b']));
    expect(replaced).toBe('');
  });

  it.each([
    ['type = "track" and ev|', 'event', 'ev'],
    ['type = "track" and tot|', 'properties.total', 'tot'],
    ['properties.to|x = 1', 'properties.total', 'properties.tox'],
    ['type = |', '"identify"', ''],
    ['event = "Si|', '"Signed Up"', '"Si'],
    ['event = "Si|" and type = "track"', '"Signed Up"', '"Si"'],
    ['event in ["Order Completed", |]', '"Signed Up"', ''],
    ['event not in ["|', '"Signed Up"', '"'],
    ['properties.total > |', '12.5', ''],
    ['event = Or|', '"Order Completed"', 'Or'],
    ['contains(event, "Si|', '"Signed Up"', '"Si'],
    ['any(properties.products, contains(sku, |))', '"A-1"', ''],
    ['any(properties.products, s|)', 'sku', 's'],
    ['any(properties.products, sku = |)', '"A-1"', ''],
    ['event |', '= ', ''],
    ['event = "A" |', 'and ', ''],
    ['(event = "A") |', 'or ', ''],
  ])('%s offers %s', (marked, insert, replaced) => {
    expect(at(marked)).toEqual({ inserts: expect.arrayContaining([insert]), replaced });
  });

  it('offers no event fields in the condition of an item', () => {
    expect(at('any(properties.products, |)').inserts).not.toContain('type');
  });

  it('offers no operators in place of a value', () => {
    expect(at('event = |').inserts).not.toContain('= ');
    expect(at('event = "A" |').inserts).not.toContain('= ');
  });
});

describe('parts', () => {
  const kinds = (text: string) =>
    triggerTokens(text).map(({ kind, offset, end }) => [kind, text.slice(offset, end)]);

  it('describe each token', () => {
    expect(kinds('not contains(event, "a") AND $.traits.x >= 3')).toEqual([
      ['keyword', 'not'],
      ['function', 'contains'],
      ['mark', '('],
      ['path', 'event'],
      ['mark', ','],
      ['text', '"a"'],
      ['mark', ')'],
      ['keyword', 'AND'],
      ['path', '$.traits.x'],
      ['mark', '>='],
      ['number', '3'],
    ]);
  });

  it('continue after an invalid token', () => {
    expect(kinds('a && b = 5x and "open')).toEqual([
      ['path', 'a'],
      ['error', '&'],
      ['error', '&'],
      ['path', 'b'],
      ['mark', '='],
      ['error', '5'],
      ['path', 'x'],
      ['keyword', 'and'],
      ['error', '"open'],
    ]);
  });
});

it.each([
  ['evnt = "A"', 'event = "A"'],
  ['$.propertys.a = 1', '$.properties.a = 1'],
  ['type = "track" and contain(event, "a")', 'type = "track" and contains(event, "a")'],
])('%s suggests the intended word', (text, meant) => {
  const error = (() => {
    try {
      return parseTrigger(text);
    } catch (thrown) {
      return thrown;
    }
  })();
  if (!(error instanceof TriggerError) || error.fix === undefined) throw new Error('It can be read.');
  const { offset, end, text: put } = error.fix;
  expect(text.slice(0, offset) + put + text.slice(end)).toBe(meant);
});
