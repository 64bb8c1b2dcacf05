import type { Rule } from '../rule.ts';

/** Reports a file that is not JSON. */
export const jsonSyntax: Rule = {
  code: 'json_syntax',
  severity: 'error',
  summary: 'The file is not JSON; comments and trailing commas are not.',
  remedy: 'Correct the file at the position.',
  checks: {
    *file({ faults }) {
      // One mistake causes several parser errors; the first has the position.
      const [first] = faults;
      if (first !== undefined) yield { place: [], message: first.message, at: first.offset };
    },
  },
};
