import { NOTHING } from '../plan.ts';
import { isMembers, isPresent } from '../values.ts';
import type { Directive } from './directive.ts';

type Value = readonly unknown[] | { readonly values: readonly unknown[]; readonly skipBlank?: boolean };

/** Returns the first value that is present. */
export const coalesce: Directive<Value> = {
  name: '@waybill.coalesce',
  portable: false,
  summary: 'Returns the first of several values that is neither missing nor null.',
  notes: ['With `{ values, skipBlank: true }`, strings without a visible character are skipped too.'],
  examples: [
    {
      mapping: {
        email: {
          '@waybill.coalesce': [{ '@path': '$.traits.email' }, { '@path': '$.context.traits.email' }],
        },
      },
      event: { traits: { email: null }, context: { traits: { email: 'ada@example.com' } } },
      payload: { email: 'ada@example.com' },
    },
  ],
  check(value, checker) {
    const listed = Array.isArray(value);
    const options = listed ? { values: value } : checker.options(value);
    if (options === undefined) return;
    checker.known(options, ['values', 'skipBlank']);
    const values = options['values'];
    const at = listed ? checker : checker.at('values');
    if (!Array.isArray(values) || values.length === 0) at.problem('Expected a list of values.');
    else for (let i = 0; i < values.length; i++) at.at(i).expression(values[i]);
    if (options['skipBlank'] !== undefined) checker.at('skipBlank').flag(options['skipBlank']);
  },
  reference(value, scope, evaluation) {
    const { values, skipBlank, keys } = partsOf(value);
    const wanted = skipBlank ? isVisible : isPresent;
    for (const [i, part] of values.entries()) {
      const found = evaluation.evaluate(part, scope, ...keys, i);
      if (wanted(found)) return found;
    }
    return undefined;
  },
  compile(value, builder) {
    const { values, skipBlank, keys } = partsOf(value);
    const plans = values.map((part, i) => builder.plan(part, ...keys, i));
    if (!skipBlank) return { kind: 'first', of: [plans[0]!, ...plans.slice(1), NOTHING] };
    return {
      kind: 'call',
      run: (...found: unknown[]) => found.find(isVisible),
      args: plans,
      holds: 'passed',
    };
  },
};

function partsOf(value: Value): { values: readonly unknown[]; skipBlank: boolean; keys: readonly string[] } {
  return isMembers(value)
    ? { values: value.values, skipBlank: value.skipBlank === true, keys: ['values'] }
    : { values: value as readonly unknown[], skipBlank: false, keys: [] };
}

function isVisible(value: unknown): boolean {
  return isPresent(value) && !(typeof value === 'string' && value.trim() === '');
}
