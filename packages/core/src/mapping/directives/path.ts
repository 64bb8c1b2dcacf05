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
    'The text is a path: `$.properties.order_id`. The `$.` may be left out; `$.` alone means the whole event.',
    'Lists are read by index: `$.properties.products.0.sku` or `$.properties.products[0].sku`. `length` is the length of a list or text. There are no wildcards: `@arrayPath` goes through a list.',
    'A dot always separates, so a key that holds a dot is out of reach; `@waybill.get` reads it.',
    'A missing value leaves the field out. If something on the way is null, 0, false or empty text, that is the answer.',
    'The path itself may come from a directive; a missing one reads nothing, anything but a string fails.',
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
