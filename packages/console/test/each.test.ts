import { describe, expect, it } from 'vitest';
import { compileMapping } from '@waybill/core';
import { eachOf, membersOf, placesOf, withEach, withMember } from '../src/editor/each.ts';
import { judge } from '../src/editor/judge.ts';
import { labelOf, placeOf, withPicked } from '../src/editor/picked.ts';

const event = {
  type: 'track',
  userId: 'u1',
  properties: { currency: 'EUR', 'a.b': 1, products: [{ sku: 'tea', price: 4 }, { sku: 'cup' }] },
};
const lines = { '@arrayPath': ['$.properties.products', { sku: { '@path': 'sku' } }] };

describe('a value for each item of a list', () => {
  it.each([
    [lines, { list: { '@path': '$.properties.products' }, shape: { sku: { '@path': 'sku' } } }],
    [{ '@arrayPath': [{ '@path': '$.x' }] }, { list: { '@path': '$.x' }, shape: {} }],
    [{ '@waybill.map': { over: 1, to: { a: 2 } } }, { list: 1, shape: { a: 2 } }],
    [{ '@waybill.map': { over: 1, to: { '@template': 'x' } } }, undefined],
    [{ '@arrayPath': ['$.x', { '@path': '$.y' }] }, undefined],
    [{ '@arrayPath': 'x' }, undefined],
    [{ a: 1 }, undefined],
  ])('%j is shown as what it means', (value, expected) => {
    expect(eachOf(value)).toEqual(expected);
  });

  it('is unchanged after each of its parts was set to its value', () => {
    for (const value of [lines, { '@arrayPath': ['$.x'] }, { '@waybill.map': { over: 1, to: { a: 2 } } }]) {
      const each = eachOf(value)!;
      expect(withEach(value, { list: each.list })).toEqual(value);
      if (Object.keys(each.shape).length > 0) expect(withEach(value, { shape: each.shape })).toEqual(value);
    }
  });

  it('applies a value picked from an item to all items, and one from elsewhere to each', () => {
    const config = { id: 'm', mapping: { items: lines } };
    const { shape } = placesOf(lines, ['items']);
    const price = withPicked(config, config.mapping, placeOf([...shape, 'price']), [
      'properties',
      'products',
      1,
      'price',
    ]);
    const both = withPicked(price, price.mapping!, placeOf([...shape, 'money']), ['properties', 'currency']);
    const all = withPicked(both, both.mapping!, placeOf([...shape, 'odd']), ['properties', 'a.b']);
    expect(compileMapping(all.mapping)(event)).toEqual({
      items: [
        { sku: 'tea', price: 4, money: 'EUR', odd: 1 },
        { sku: 'cup', money: 'EUR', odd: 1 },
      ],
    });
  });

  it('accepts values picked at any depth, relative to their place', () => {
    const path = (text: string) => ({ '@path': text });
    const mapping = {
      who: { '@if': { exists: path('$.userId'), then: { '@case': { value: '', operator: 'upper' } } } },
      deep: { a: [{ b: 1 }, { b: 2 }] },
      list: { '@arrayPath': ['$.x', { sku: { '@if': { exists: path('sku'), then: 'x' } } }] },
      map: { '@waybill.map': { over: path('$.properties.products'), to: path('$.') } },
      made: { '@transform': { apply: { c: 1 }, mapping: { d: path('$.c') } } },
    };
    const picked = (place: readonly string[], ...keys: readonly (string | number)[]) =>
      (withPicked({ id: 'm', mapping }, mapping, placeOf(place), keys).mapping as typeof mapping)[
        place[0] as keyof typeof mapping
      ] as unknown;
    expect(picked(['who', '@if', 'then', '@case', 'value'], 'userId')).toEqual({
      '@if': { exists: path('$.userId'), then: { '@case': { value: path('$.userId'), operator: 'upper' } } },
    });
    expect(picked(['who', '@if', 'else'], 'type')).toEqual({
      '@if': { ...mapping.who['@if'], else: path('$.type') },
    });
    expect(picked(['deep', 'a', '1', 'b'], 'type')).toEqual({ a: [{ b: 1 }, { b: path('$.type') }] });
    const list = picked(['list', '@arrayPath', '0'], 'properties', 'products') as typeof mapping.list;
    expect(list['@arrayPath'][0]).toBe('$.properties.products');
    const value = withPicked(
      { id: 'm' },
      { list },
      placeOf(['list', '@arrayPath', '1', 'sku', '@if', 'then']),
      ['properties', 'products', 0, 'sku'],
    ).mapping!;
    expect(compileMapping(value)(event)).toEqual({ list: [{ sku: 'tea' }, { sku: 'cup' }] });
    expect(picked(['map', '@waybill.map', 'to'], 'properties', 'products', 0, 'sku')).toEqual({
      '@waybill.map': { ...mapping.map['@waybill.map'], to: path('$.sku') },
    });
    expect(picked(['made', '@transform', 'mapping', 'd'], 'userId')).toEqual({
      '@transform': { apply: { c: 1 }, mapping: { d: { '@waybill.event': '$.userId' } } },
    });
    expect(picked(['made', '@transform', 'apply', 'c'], 'userId')).toEqual({
      '@transform': { apply: { c: path('$.userId') }, mapping: { d: path('$.c') } },
    });
  });

  it('is labelled with the names along its path', () => {
    const fields = {
      items: {
        type: 'object',
        label: 'Items',
        description: '',
        properties: { sku: { type: 'string', label: 'SKU', description: '' } },
      },
    } as const;
    const name = (...at: readonly string[]) => labelOf(fields, placeOf(at), 'All fields');
    expect(name('items')).toBe('Items');
    expect(name('items', '@arrayPath', '1', 'sku', '@if', 'then')).toBe('Items › SKU › @if › then');
    expect(name('items', '@waybill.map', 'to', 'sku')).toBe('Items › SKU');
    expect(name('__segment_internal_directive', '@merge', 'objects')).toBe('All fields › @merge › objects');
  });

  it('returns every item whole, with the paths that were read', () => {
    const { made, sources } = judge({
      title: 'Toy',
      fields: {},
      trigger: 'true',
      dialect: 'waybill',
      values: {
        items: lines,
        user: { id: { '@path': '$.userId' } },
        odd: { '@waybill.get': ['properties', 'a.b'] },
      },
      events: [event],
      selected: 0,
    });
    expect(made).toEqual({ items: [{ sku: 'tea' }, { sku: 'cup' }] });
    expect(sources).toEqual({ items: ['properties\0products'], user: ['userId'], odd: ['properties\0a.b'] });
  });
});

describe('the members of an object', () => {
  it('are shown unless they are a directive', () => {
    expect(membersOf({ a: 1 })).toEqual({ a: 1 });
    expect([membersOf({ '@path': '$' }), membersOf([1]), membersOf(null), membersOf('x')]).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('keep their order when one is set, and lose one that is unset', () => {
    expect(Object.keys(withMember({ a: 1, b: 2 }, 'a', 3))).toEqual(['a', 'b']);
    expect(withMember({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
    expect(withMember({}, 'c', 1)).toEqual({ c: 1 });
  });
});
