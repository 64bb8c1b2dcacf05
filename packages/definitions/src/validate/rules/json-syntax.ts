import type { Rule } from '../rule.ts';

/** A file that is no JSON. */
export const jsonSyntax: Rule = {
  code: 'json_syntax',
  severity: 'error',
  summary: 'The file is not JSON; comments and trailing commas are not.',
  remedy: 'Correct the file at the position.',
  checks: {
    *file({ faults }) {
      // One mistake makes a parser stumble several times; the first says where.
      const [first] = faults;
      if (first !== undefined) yield { place: [], message: first.message, at: first.offset };
    },
  },
};
