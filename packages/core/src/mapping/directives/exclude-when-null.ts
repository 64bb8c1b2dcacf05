import { isMembers, setOwn } from '../values.ts';
import type { Directive } from './directive.ts';

/** Drops null members. */
export const excludeWhenNull: Directive = {
  name: '@excludeWhenNull',
  portable: true,
  summary: 'Removes a null, as if it were missing.',
  notes: [
    'Object members that are null are removed too, at every depth; lists are left unchanged. Empty strings are kept.',
  ],
  examples: [
    {
      mapping: { data: { '@excludeWhenNull': { '@path': '$.traits' } } },
      event: { traits: { plan: null, city: '', address: { zip: null } } },
      payload: { data: { city: '', address: {} } },
    },
  ],
  check(value, checker) {
    if (value === undefined) checker.problem('Expected a value.');
    else checker.expression(value);
  },
  reference(value, scope, evaluation) {
    return withoutNulls(evaluation.evaluate(value, scope));
  },
  compile(value, builder) {
    return { kind: 'call', run: withoutNulls, args: [builder.plan(value)], holds: 'always' };
  },
};

/** Nulls become undefined instead of being dropped at once: an enclosing `@merge` lets them win. */
function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (!isMembers(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(result, key, withoutNulls(value[key]));
  return result;
}
