import { parsePath } from '../paths.ts';
import type { Directive } from './directive.ts';

/** Reads from the whole event, in any scope. */
export const event: Directive = {
  name: '@waybill.event',
  portable: false,
  summary: 'Reads from the whole event, even inside a list or a transformation.',
  notes: ['A string is a path; anything else is evaluated with the event as its scope.'],
  examples: [
    {
      mapping: {
        items: {
          '@arrayPath': [
            '$.properties.products',
            { sku: { '@path': '$.sku' }, currency: { '@waybill.event': '$.properties.currency' } },
          ],
        },
      },
      event: { properties: { currency: 'EUR', products: [{ sku: 'tea' }] } },
      payload: { items: [{ sku: 'tea', currency: 'EUR' }] },
    },
  ],
  check(value, checker) {
    checker.expression(value);
  },
  reference(value, _scope, evaluation) {
    return typeof value === 'string'
      ? evaluation.read(evaluation.event, parsePath(value))
      : evaluation.evaluate(value, evaluation.event);
  },
  compile(value, builder) {
    const body =
      typeof value === 'string' ? ({ kind: 'read', keys: parsePath(value) } as const) : builder.plan(value);
    return { kind: 'event', body };
  },
};
