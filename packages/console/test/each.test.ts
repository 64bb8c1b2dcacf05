import { describe, expect, it } from 'vitest';
import { compileMapping } from '@waybill/core';
import { eachOf, membersOf, withEach, withMember } from '../src/editor/each.ts';
import { judge } from '../src/editor/judge.ts';
import { placeOf, withPicked } from '../src/editor/picked.ts';

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
  ])('%j is shown as what it says', (value, expected) => {
    expect(eachOf(value)).toEqual(expected);
  });

  it('is the very same after each of its parts was set to what it is', () => {
    for (const value of [lines, { '@arrayPath': ['$.x'] }, { '@waybill.map': { over: 1, to: { a: 2 } } }]) {
      const each = eachOf(value)!;
      expect(withEach(value, { list: each.list })).toEqual(value);
      if (Object.keys(each.shape).length > 0) expect(withEach(value, { shape: each.shape })).toEqual(value);
    }
  });

  it('takes what is picked from an item for all of them, and from elsewhere for each', () => {
    const config = { id: 'm', mapping: { items: lines } };
    const price = withPicked(config, config.mapping, placeOf('items', 'price'), [
      'properties',
      'products',
      1,
      'price',
    ]);
    const both = withPicked(price, price.mapping!, placeOf('items', 'money'), ['properties', 'currency']);
    const all = withPicked(both, both.mapping!, placeOf('items', 'odd'), ['properties', 'a.b']);
    expect(compileMapping(all.mapping)(event)).toEqual({
      items: [
        { sku: 'tea', price: 4, money: 'EUR', odd: 1 },
        { sku: 'cup', money: 'EUR', odd: 1 },
      ],
    });
  });

  it('gives every item whole, and tells what was read where', () => {
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
  it('are shown unless it is a directive', () => {
    expect(membersOf({ a: 1 })).toEqual({ a: 1 });
    expect([membersOf({ '@path': '$' }), membersOf([1]), membersOf(null), membersOf('x')]).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('keep their order when one is set, and lose one that is nothing', () => {
    expect(Object.keys(withMember({ a: 1, b: 2 }, 'a', 3))).toEqual(['a', 'b']);
    expect(withMember({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
    expect(withMember({}, 'c', 1)).toEqual({ c: 1 });
  });
});
