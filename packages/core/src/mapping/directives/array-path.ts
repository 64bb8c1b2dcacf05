import { parsePath } from '../paths.ts';
import { isMembers } from '../values.ts';
import type { Directive } from './directive.ts';

type Value = readonly [list: unknown, shape?: unknown];

/** Iterates over a list. */
export const arrayPath: Directive<Value> = {
  name: '@arrayPath',
  portable: true,
  summary: 'Goes through a list and builds a new item from each.',
  notes: [
    'The first entry is a path or directive that returns the list, the second the shape of a new item. Inside the shape, paths start at the item; `@waybill.event` reads from the whole event.',
    'A single object counts as a list of one if a shape is given. Without a shape, or with an empty one, the value is returned unchanged; so is a string or a number.',
  ],
  examples: [
    {
      mapping: {
        items: {
          '@arrayPath': [
            '$.properties.products',
            { id: { '@path': '$.sku' }, count: { '@path': '$.quantity' } },
          ],
        },
      },
      event: { properties: { products: [{ sku: 'tea', quantity: 2 }, { sku: 'cup' }] } },
      payload: { items: [{ id: 'tea', count: 2 }, { id: 'cup' }] },
    },
  ],
  check(value, checker) {
    if (!Array.isArray(value)) {
      checker.problem('@arrayPath expects a list: a path, and the shape of an item.');
      return;
    }
    checker.at(0).textOrDirective(value[0]);
    for (let i = 1; i < value.length; i++) checker.at(i).expression(value[i]);
  },
  reference([from, shape], scope, evaluation) {
    const list =
      typeof from === 'string'
        ? evaluation.read(scope, parsePath(from))
        : evaluation.evaluate(from, scope, 0);
    if (!isShape(shape)) return list;
    if (Array.isArray(list)) return list.map((item) => evaluation.evaluate(shape, item, 1));
    return isMembers(list) ? [evaluation.evaluate(shape, list, 1)] : list;
  },
  compile([from, shape], builder) {
    const list =
      typeof from === 'string' ? ({ kind: 'read', keys: parsePath(from) } as const) : builder.plan(from, 0);
    if (!isShape(shape)) return list;
    return { kind: 'each', list, shape: builder.plan(shape, 1), single: 'object' };
  },
};

function isShape(shape: unknown): boolean {
  return isMembers(shape) && Object.keys(shape).length > 0;
}
