import type { Rule } from '../rule.ts';

/** Reports a file of an unknown kind. */
export const fileUnknown: Rule = {
  code: 'file_unknown',
  severity: 'error',
  summary: 'A file that was named is neither a definition nor a preset, a workspace or metadata.',
  remedy: 'Name a file of one of these kinds, or set its kind with --as.',
  checks: {
    *file({ kind, faults, source, failure }) {
      if (kind !== undefined || faults.length > 0 || failure !== undefined || source.text === undefined)
        return;
      yield { place: [], message: 'Its members match no kind of file that Waybill knows.' };
    },
  },
};
