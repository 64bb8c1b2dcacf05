import { NOTHING } from '../plan.ts';
import { isMembers } from '../values.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly pattern: string;
  readonly replacement?: string;
  readonly pattern2?: string;
  readonly replacement2?: string;
  readonly ignorecase?: boolean;
  readonly global?: boolean;
  readonly value: unknown;
}

const LONGEST = 10;

/** Replaces parts of a string. */
export const replace: Directive<Options> = {
  name: '@replace',
  portable: true,
  summary: 'Replaces parts of a string.',
  notes: [
    '`pattern` is the string to look for (1 to 10 characters, not a regular expression), `replacement` the string to insert (at most 10 characters; empty by default). `pattern2` and `replacement2` are a second replacement in the result.',
    '`global` (default: true) replaces every occurrence, otherwise only the first; `ignorecase` (default: false) ignores case.',
    'Numbers, true and false are converted to strings. Missing values, null, lists and objects are returned unchanged. The replacement is inserted literally, including `$`.',
  ],
  examples: [
    {
      mapping: {
        phone: { '@replace': { pattern: ' ', replacement: '', value: { '@path': '$.traits.phone' } } },
      },
      event: { traits: { phone: '+49 30 1234' } },
      payload: { phone: '+49301234' },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.at('pattern').text(options['pattern'], 1, LONGEST);
    for (const name of ['replacement', 'pattern2', 'replacement2']) {
      if (options[name] !== undefined) checker.at(name).text(options[name], 0, LONGEST);
    }
    for (const name of ['ignorecase', 'global']) {
      if (options[name] !== undefined) checker.at(name).flag(options[name]);
    }
    checker.at('value').textOrDirective(options['value']);
    checker.others(options, [...OWN, 'value']);
  },
  reference(options, scope, evaluation) {
    if (options.value === '') return undefined;
    const value = evaluation.evaluate(options.value, scope, 'value');
    if (!isReplaceable(value)) evaluation.differs('M7');
    if (`${options.replacement}${options.replacement2}`.includes('$')) evaluation.differs('M8');
    return replacer(options)(value);
  },
  compile(options, builder) {
    if (options.value === '') return NOTHING;
    return {
      kind: 'call',
      run: replacer(options),
      args: [builder.plan(options.value, 'value')],
      holds: 'passed',
    };
  },
  unportable(value) {
    const { replacement, replacement2 } = isMembers(value) ? value : {};
    if (!`${replacement}${replacement2}`.includes('$')) return [];
    return [{ rule: 'M8', message: 'Segment interprets "$" in a replacement.' }];
  },
};

const OWN = ['pattern', 'replacement', 'pattern2', 'replacement2', 'ignorecase', 'global'];

function isReplaceable(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function replacer(options: Options): (value: unknown) => unknown {
  const {
    pattern,
    replacement = '',
    pattern2 = '',
    replacement2 = '',
    ignorecase = false,
    global = true,
  } = options;
  const flags = `${global ? 'g' : ''}${ignorecase ? 'i' : ''}`;
  const first = new RegExp(literally(pattern), flags);
  const second = pattern2 === '' ? undefined : new RegExp(literally(pattern2), flags);
  return (value) => {
    if (!isReplaceable(value)) return value;
    // A function as the replacement: a string would be searched for `$&` and the like.
    const once = String(value).replace(first, () => replacement);
    return second === undefined ? once : once.replace(second, () => replacement2);
  };
}

/** Creates a regular expression that matches a string literally. */
function literally(text: string): string {
  let source = '';
  for (let i = 0; i < text.length; i++) source += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return source;
}
