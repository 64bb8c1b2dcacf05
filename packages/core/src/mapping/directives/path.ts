import { parsePath, readKeys } from '../paths.ts';
import { MappingEvaluationError } from '../errors.ts';
import { SCOPE } from '../plan.ts';
import { isPresent, kindOf } from '../values.ts';
import type { Directive } from './directive.ts';

/** Reads a value from the event. */
export const path: Directive = {
  name: '@path',
  portable: true,
  summary: 'Reads a value from the event, or from the item inside a list.',
  notes: [
    'The string is a path: `$.properties.order_id`. The `$.` is optional; `$.` alone means the whole event.',
    'Lists are read by index: `$.properties.products.0.sku` or `$.properties.products[0].sku`. `length` is the length of a list or string. There are no wildcards: use `@arrayPath` to go through a list.',
    'A dot always separates keys, so a key that contains a dot cannot be read; use `@waybill.get` for it.',
    'A missing value leaves the field out. If the path meets null, 0, false or an empty string on the way, that value is the result.',
    'The path itself may come from a directive. If that returns no value, neither does `@path`; anything but a string fails.',
  ],
  examples: [
    {
      mapping: { id: { '@path': '$.properties.order_id' } },
      event: { properties: { order_id: 'A-1' } },
      payload: { id: 'A-1' },
    },
    {
      mapping: {
        first: { '@path': '$.properties.products.0.sku' },
        none: { '@path': '$.properties.coupon' },
      },
      event: { properties: { products: [{ sku: 'tea' }] } },
      payload: { first: 'tea' },
    },
  ],
  check(value, checker) {
    checker.textOrDirective(value);
  },
  reference(value, scope, evaluation) {
    const text = evaluation.evaluate(value, scope);
    if (typeof text === 'string') return evaluation.read(scope, parsePath(text));
    evaluation.differs('M9');
    if (isPresent(text)) return evaluation.fail(notAPath(text));
    return undefined;
  },
  compile(value, builder) {
    if (typeof value === 'string') return { kind: 'read', keys: parsePath(value) };
    const run = (scope: unknown, text: unknown) => {
      if (typeof text === 'string') return readKeys(scope, parsePath(text));
      if (isPresent(text)) throw new MappingEvaluationError(builder.path, notAPath(text));
      return undefined;
    };
    return { kind: 'call', run, args: [SCOPE, builder.plan(value)], holds: 'passed' };
  },
};

function notAPath(value: unknown): string {
  return `The path is ${kindOf(value)}, not a string.`;
}
