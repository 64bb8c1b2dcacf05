import type { Directive } from './directive.ts';

interface Options {
  readonly mode: 'encode' | 'decode';
  readonly value: unknown;
}

/** Formats or parses JSON. */
export const json: Directive<Options> = {
  name: '@json',
  portable: true,
  summary: 'Encodes a value as JSON, or decodes a JSON string.',
  notes: [
    '`mode` is `encode` or `decode`. A value that cannot be decoded, because it is not a string or not JSON, is returned unchanged.',
  ],
  examples: [
    {
      mapping: {
        raw: { '@json': { mode: 'encode', value: { '@path': '$.properties' } } },
        tags: { '@json': { mode: 'decode', value: { '@path': '$.context.tags' } } },
      },
      event: { properties: { total: 3 }, context: { tags: '["new"]' } },
      payload: { raw: '{"total":3}', tags: ['new'] },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.at('mode').word(options['mode'], ['encode', 'decode']);
    if (!options['value']) checker.at('value').problem('Expected the value to encode or decode.');
    checker.others(options, ['mode']);
  },
  reference(options, scope, evaluation) {
    return convert(options)(evaluation.evaluate(options.value, scope, 'value'));
  },
  compile(options, builder) {
    return {
      kind: 'call',
      run: convert(options),
      args: [builder.plan(options.value, 'value')],
      holds: 'passed',
    };
  },
};

function convert({ mode }: Options): (value: unknown) => unknown {
  return mode === 'encode' ? (value) => JSON.stringify(value) : decode;
}

function decode(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
