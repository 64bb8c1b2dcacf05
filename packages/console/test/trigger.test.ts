import { describe, expect, it } from 'vitest';
import { knownPaths, segmentsOf } from '../src/trigger/known.ts';
import { offer, taken } from '../src/trigger/offer.ts';

const known = [
  { segments: ['properties', 'total'], examples: [5, 50] },
  { segments: ['properties', 'total_tax'] },
  { segments: ['event'], examples: ['Order Completed', 'Order Refunded'] },
];

function labels(text: string, isAsked = false, caret = text.length) {
  return offer(text, caret, known, isAsked).options.map(({ insert }) => insert);
}

function afterEnter(text: string, caret = text.length) {
  const { options, first } = offer(text, caret, known, false);
  return first === undefined ? text : taken(text, options[first]!).text;
}

describe('the input of triggers', () => {
  it.each([
    ['ev', 'event'],
    ['type = "track" and properties.to', 'type = "track" and properties.total'],
    ['event = "Order R', 'event = "Order Refunded"'],
    ['event = Ord', 'event = "Order Completed"'],
    ['contains(event, "Order R', 'contains(event, "Order Refunded"'],
    ['event = "Order Completed" an', 'event = "Order Completed" and '],
  ])('completes %s', (text, expected) => {
    expect(afterEnter(text)).toBe(expected);
  });

  it.each([
    '',
    'type = "track"',
    'properties.total > 5',
    'any(properties.products, sku = "1")',
    'event = "Order Completed" ',
  ])('ignores Enter after %j: no word is being typed', (text) => {
    expect(labels(text)).toEqual([]);
  });

  it('ignores Enter where the typed word is complete', () => {
    expect(labels('properties.total')).toEqual(['properties.total', 'properties.total_tax']);
    expect(afterEnter('properties.total')).toBe('properties.total');
  });

  it('offers completions anywhere on request, and selects none by itself', () => {
    expect(labels('event = ', true)).toContain('"Order Refunded"');
    expect(offer('event = ', 8, known, true).first).toBeUndefined();
  });

  it('offers seen values after an operator, and selects none by itself', () => {
    for (const text of ['event = ', 'event =', 'event in [', 'event in ["Order Completed", ', 'event != '])
      expect([labels(text), offer(text, text.length, known, false).first]).toEqual([
        ['"Order Completed"', '"Order Refunded"'],
        undefined,
      ]);
    expect(labels('type = ')).toContain('"identify"');
    expect(labels('properties.total > ')).toEqual(['5', '50']);
    expect([labels('properties.total_tax > '), labels('event = "A" and ')]).toEqual([[], []]);
  });

  it('offers the likely intended word, wherever the caret is', () => {
    expect(afterEnter('type = "track" and evnt = "A"')).toBe('type = "track" and event = "A"');
  });

  it('keeps the text after an unclosed string', () => {
    const text = 'event = "Order R and userId = "u1"';
    expect(afterEnter(text, 'event = "Order R'.length)).toBe('event = "Order Refunded" and userId = "u1"');
    expect(afterEnter('event = "Order R"', 16)).toBe('event = "Order Refunded"');
  });
});

describe('known paths', () => {
  it('are those of all shapes, with their share of all events, the most frequent first', () => {
    const path = (name: string, share: number, ...examples: string[]) => ({
      path: name,
      types: ['string' as const],
      share,
      examples,
    });
    const shape = { sourceId: 's', type: 'track' as const, lastAt: 0 };
    const found = knownPaths([
      {
        ...shape,
        event: 'A',
        count: 3,
        paths: [path('event', 1, 'A'), path('properties.sku', 1, 'a', 'long…')],
      },
      { ...shape, event: 'B', count: 1, paths: [path('event', 1)] },
    ]);
    expect(found).toEqual([
      { segments: ['event'], examples: ['A', 'B'], share: 1 },
      { segments: ['properties', 'sku'], examples: ['a'], share: 0.75 },
    ]);
    expect(knownPaths([])).toEqual([]);
    const page = { ...shape, type: 'page' as const, event: 'Home', count: 1, paths: [path('name', 1)] };
    const both = knownPaths([{ ...shape, event: 'A', count: 1, paths: [path('event', 1)] }, page]);
    expect(both.map(({ segments, examples }) => [segments[0], examples])).toEqual([
      ['event', ['A']],
      ['name', ['Home']],
    ]);
  });

  it('are split at their keys', () => {
    expect(segmentsOf('properties.products[].a')).toEqual(['properties', 'products', '[]', 'a']);
    expect(segmentsOf('properties["a.b [x]"].c')).toEqual(['properties', 'a.b [x]', 'c']);
  });
});
