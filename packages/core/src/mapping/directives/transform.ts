import { isMembers, withoutUndefined } from '../values.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly apply: unknown;
  readonly mapping: unknown;
}

/** Maps in two steps. */
export const transform: Directive<Options> = {
  name: '@transform',
  portable: true,
  summary: 'Maps in two steps: `apply` builds an object from the event, `mapping` reads from that object.',
  notes: [
    'Inside `mapping`, paths start at the object that `apply` built; use `@waybill.event` to read the rest of the event.',
  ],
  examples: [
    {
      mapping: {
        list: {
          '@transform': {
            apply: { wrapped: { list: [{ '@path': '$.properties' }] } },
            mapping: { '@arrayPath': ['$.wrapped.list', { sku: { '@path': '$.sku' } }] },
          },
        },
      },
      event: { properties: { sku: 'tea' } },
      payload: { list: [{ sku: 'tea' }] },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    if (isMembers(options['apply'])) checker.at('apply').mapping(options['apply']);
    else checker.at('apply').objectOrDirective(options['apply']);
    checker.at('mapping').objectOrDirective(options['mapping']);
    checker.others(options, ['apply', 'mapping']);
  },
  reference(options, scope, evaluation) {
    if (!isMembers(scope)) evaluation.differs('M12');
    const made = withoutUndefined(evaluation.evaluateFields(options.apply, scope, 'apply'), undefined);
    return evaluation.evaluate(options.mapping, made, 'mapping');
  },
  compile(options, builder) {
    return {
      kind: 'within',
      scope: builder.planFields(options.apply, 'apply'),
      body: builder.plan(options.mapping, 'mapping'),
    };
  },
};
