import type { Directive } from './directive.ts';

/** Returns a value literally. */
export const literal: Directive = {
  name: '@literal',
  portable: true,
  summary: 'Returns a value as written in the mapping.',
  notes: ['Despite the name, directives inside are evaluated, as everywhere else.'],
  examples: [{ mapping: { source: { '@literal': 'shop' } }, event: {}, payload: { source: 'shop' } }],
  check(value, checker) {
    if (value === undefined) checker.problem('Expected a value.');
    else checker.expression(value);
  },
  reference(value, scope, evaluation) {
    return evaluation.evaluate(value, scope);
  },
  compile(value, builder) {
    return builder.plan(value);
  },
};
