import { compileGlob, globProblem } from './glob.ts';
import type { FunctionEntry } from './function.ts';

const contains: FunctionEntry = {
  name: 'contains',
  parameters: ['text', 'part'],
  returns: 'bool',
  doc: 'Whether a string contains another; false when either is missing or not a string. Case-sensitive. For lists, use `in`.',
  example: 'contains(properties.title, "sale")',
  compile: (args) => {
    const [whole, part] = [args[0]!, args[1]!];
    return (event, item) => {
      const text = whole(event, item);
      if (typeof text !== 'string') return false;
      const sought = part(event, item);
      return typeof sought === 'string' && text.includes(sought);
    };
  },
};

const match: FunctionEntry = {
  name: 'match',
  parameters: ['text', '"pattern"'],
  returns: 'bool',
  doc:
    'Whether the whole string matches a pattern: `*` any characters, `?` one, `[abc]` `[a-z]` one of, `[^a-z]` one not of, ' +
    '`\\x` the character x itself; false when the string is missing. Case-sensitive.',
  example: 'match(event, "Order *")',
  check: (call, fail) => {
    const pattern = call.args[1]!;
    if (pattern.kind !== 'literal' || typeof pattern.value !== 'string') {
      return fail('The second argument of `match` is the pattern, a string in quotes.', pattern.offset);
    }
    const problem = globProblem(pattern.value);
    if (problem !== undefined) fail(problem, pattern.offset);
  },
  compile: (args, call) => {
    const text = args[0]!;
    const pattern = call.args[1];
    // `check` ensures a string; the empty pattern satisfies the type.
    const source = pattern?.kind === 'literal' && typeof pattern.value === 'string' ? pattern.value : '';
    const fits = compileGlob(source);
    return (event, item) => {
      const value = text(event, item);
      return typeof value === 'string' && fits(value);
    };
  },
};

/** The functions that search a string. */
export const MATCHING: readonly FunctionEntry[] = [contains, match];
