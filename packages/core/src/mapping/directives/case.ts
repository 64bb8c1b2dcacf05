import { NOTHING } from '../plan.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly operator: 'lower' | 'upper';
  readonly value?: unknown;
}

/** Converts a string to lower or upper case. */
export const caseDirective: Directive<Options> = {
  name: '@case',
  portable: true,
  summary: 'Converts a string to lower or upper case.',
  notes: ['`operator` is `lower` or `upper`. Anything but a string is returned unchanged.'],
  examples: [
    {
      mapping: { email: { '@case': { operator: 'lower', value: { '@path': '$.traits.email' } } } },
      event: { traits: { email: 'Ada@Example.com' } },
      payload: { email: 'ada@example.com' },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.at('operator').word(options['operator'], ['lower', 'upper']);
    if (options['value'] !== undefined) checker.at('value').textOrDirective(options['value']);
    checker.others(options, ['operator', 'value']);
  },
  reference(options, scope, evaluation) {
    // An empty string in the mapping gives nothing; an empty string from the event stays.
    if (options.value === undefined || options.value === '') return undefined;
    return inCase(options.operator)(evaluation.evaluate(options.value, scope, 'value'));
  },
  compile(options, builder) {
    if (options.value === undefined || options.value === '') return NOTHING;
    const run = inCase(options.operator);
    return { kind: 'call', run, args: [builder.plan(options.value, 'value')], holds: 'passed' };
  },
};

function inCase(operator: Options['operator']): (value: unknown) => unknown {
  return operator === 'lower'
    ? (value) => (typeof value === 'string' ? value.toLowerCase() : value)
    : (value) => (typeof value === 'string' ? value.toUpperCase() : value);
}
