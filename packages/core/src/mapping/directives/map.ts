import { isPresent } from '../values.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly over: unknown;
  readonly to: unknown;
}

/** Maps any list. */
export const map: Directive<Options> = {
  name: '@waybill.map',
  portable: false,
  summary: 'Evaluates `to` for every item of the list `over`.',
  notes: [
    'Inside `to`, paths start at the item (`$.` alone is the item); `@waybill.event` reads from the whole event. Items may be strings and numbers too.',
    'A missing list returns no value. Any other value that is not a list counts as a list of one.',
  ],
  examples: [
    {
      mapping: {
        tags: {
          '@waybill.map': {
            over: { '@path': '$.properties.tags' },
            to: { '@template': '{{.}}' },
          },
        },
      },
      event: { properties: { tags: ['new', 7] } },
      payload: { tags: ['new', '7'] },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.known(options, ['over', 'to']);
    for (const name of ['over', 'to']) {
      if (options[name] === undefined) checker.at(name).problem('This option must be given.');
      else checker.at(name).expression(options[name]);
    }
  },
  reference({ over, to }, scope, evaluation) {
    const list = evaluation.evaluate(over, scope, 'over');
    if (!isPresent(list)) return undefined;
    return (Array.isArray(list) ? list : [list]).map((item) => evaluation.evaluate(to, item, 'to'));
  },
  compile({ over, to }, builder) {
    return { kind: 'each', list: builder.plan(over, 'over'), shape: builder.plan(to, 'to'), single: 'any' };
  },
};
