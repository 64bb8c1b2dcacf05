import { isMembers, setOwn } from '../values.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly separator: string;
  readonly value: unknown;
  readonly omitArrays?: unknown;
}

/** Flattens a nested object. */
export const flatten: Directive<Options> = {
  name: '@flatten',
  portable: true,
  summary: 'Flattens a nested object: `{a: {b: 1}}` becomes `{"a.b": 1}`.',
  notes: [
    '`separator` goes between the keys and is required. Lists are flattened by index unless `omitArrays` is true.',
    'Empty objects and lists are dropped. A value that is neither an object nor a list is returned under the key `""`.',
  ],
  examples: [
    {
      mapping: { data: { '@flatten': { separator: '_', value: { '@path': '$.properties' } } } },
      event: { properties: { total: 3, address: { city: 'Ulm' }, tags: ['a', 'b'] } },
      payload: { data: { total: 3, address_city: 'Ulm', tags_0: 'a', tags_1: 'b' } },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.at('separator').text(options['separator'], 1, Infinity);
    if (options['value'] === undefined) checker.at('value').problem('Expected the value to flatten.');
    checker.others(options, ['separator']);
  },
  reference(options, scope, evaluation) {
    return flat(options)(evaluation.evaluate(options.value, scope, 'value'));
  },
  compile(options, builder) {
    return {
      kind: 'call',
      run: flat(options),
      args: [builder.plan(options.value, 'value')],
      holds: 'always',
    };
  },
};

function flat({ separator, omitArrays }: Options): (value: unknown) => unknown {
  const collect = (value: unknown, prefix: string, into: Record<string, unknown>) => {
    if (!isMembers(value) && (omitArrays || !Array.isArray(value))) {
      setOwn(into, prefix, value);
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      collect(member, prefix === '' ? key : `${prefix}${separator}${key}`, into);
    }
  };
  return (value) => {
    const result: Record<string, unknown> = {};
    collect(value, '', result);
    return result;
  };
}
