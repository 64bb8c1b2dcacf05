import { describe, expect, it } from 'vitest';
import type { Shape } from '@waybill/api';
import { compileMapping, type Fields } from '@waybill/core';
import { elsewhereOf, missingAt, shapesOf } from '../src/editor/elsewhere.ts';
import { suggest } from '../src/editor/suggest.ts';

type Place = Shape['paths'][number];

function place(
  path: string,
  type: Place['types'][number],
  share: number,
  ...examples: Place['examples']
): Place {
  return { path, types: [type], share, examples };
}

function shape(event: string, count: number, ...paths: Place[]): Shape {
  return { sourceId: 'shop', type: 'track', event, count, lastAt: 0, paths };
}

const order = shape(
  'Order Completed',
  9,
  place('userId', 'string', 1, 'u1'),
  place('timestamp', 'string', 1, '2026-01-01T00:00:00Z'),
  place('context.traits.email', 'string', 0.9, 'a@b.example'),
  place('properties', 'object', 1),
  place('properties.order_id', 'string', 1, 'A-1'),
  place('properties.revenue', 'number', 1, 12),
  place('properties.email', 'string', 1, 'no address'),
  place('properties.products', 'list', 1),
  place('properties.products[].sku', 'string', 1, 'tea'),
  place('properties.products[].price', 'number', 1, 3),
);
const view = shape(
  'Viewed',
  1,
  place('properties', 'object', 1),
  place('properties.coupon', 'string', 0.5, 'X'),
);

function field(
  type: Fields[string]['type'],
  label: string,
  more: Partial<Fields[string]> = {},
): Fields[string] {
  return { type, label, description: label, ...more };
}

const fields: Fields = {
  id: field('string', 'Order ID'),
  user: field('object', 'User', {
    properties: { email: field('string', 'Email', { format: 'email' }), userId: field('string', 'User ID') },
  }),
  total: field('number', 'Total'),
  createdAt: field('datetime', 'Created'),
  items: field('object', 'Items', {
    multiple: true,
    properties: {
      id: field('string', 'SKU'),
      price: field('number', 'Price'),
      name: field('string', 'Name'),
    },
  }),
  data: field('object', 'Data', { default: { '@path': '$.properties' } }),
  lines: field('object', 'Lines', {
    multiple: true,
    default: { '@arrayPath': ['$.properties.products', {}] },
  }),
  flag: field('boolean', 'Total'),
};

describe('suggested values', () => {
  const found = suggest(fields, {}, [order]);

  it('are found by name, label and type, the usual value of a field first', () => {
    expect(Object.fromEntries(found.map((one) => [one.field, one.value]))).toEqual({
      id: { '@path': '$.properties.order_id' },
      user: { email: { '@path': '$.context.traits.email' }, userId: { '@path': '$.userId' } },
      total: { '@path': '$.properties.revenue' },
      createdAt: { '@path': '$.timestamp' },
      items: {
        '@arrayPath': ['$.properties.products', { id: { '@path': '$.sku' }, price: { '@path': '$.price' } }],
      },
      data: { '@path': '$.properties' },
      lines: { '@arrayPath': ['$.properties.products', {}] },
    });
    expect(found.find((one) => one.field === 'id')).toMatchObject({ share: 1, examples: ['A-1'] });
  });

  it('make a working mapping', () => {
    const mapping = Object.fromEntries(found.map((one) => [one.field, one.value]));
    const event = {
      userId: 'u1',
      timestamp: 'now',
      context: { traits: { email: 'a@b.example' } },
      properties: { order_id: 'A', revenue: 3, products: [{ sku: 'tea', price: 3 }] },
    };
    expect(compileMapping(mapping)(event)).toMatchObject({
      id: 'A',
      total: 3,
      items: [{ id: 'tea', price: 3 }],
    });
  });

  it('are never for a mapped field, nor for one that is unset on purpose', () => {
    const names = suggest(fields, { id: 'x', total: null, user: {} }, [order]).map((one) => one.field);
    expect(names).toEqual(['createdAt', 'items', 'data', 'lines']);
  });
});

describe('values of other events', () => {
  it('are known for each object of an event of the same name', () => {
    const event = { type: 'track', event: 'Order Completed', properties: { products: [{ sku: 'a' }] } };
    const elsewhere = elsewhereOf([order, view], event as never);
    expect(missingAt(elsewhere, ['properties'], event.properties).map(({ key }) => key)).toEqual([
      'order_id',
      'revenue',
      'email',
    ]);
    expect(missingAt(elsewhere, ['properties', 'products', 0], { sku: 'a' })).toEqual([
      { key: 'price', types: ['number'], share: 1 },
    ]);
    expect(shapesOf([order, view], [])).toHaveLength(2);
  });
});
