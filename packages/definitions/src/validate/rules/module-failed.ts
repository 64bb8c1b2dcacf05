import type { Rule } from '../rule.ts';

/** Reports a module that cannot be loaded or exports nothing to check. */
export const moduleFailed: Rule = {
  code: 'module_failed',
  severity: 'error',
  summary:
    'A module cannot be loaded, refuses its own definition, exports neither a destination nor a source, or uses a slug twice.',
  remedy: 'Correct the cause that the message names: file and line, the missing export, or the slug.',
  checks: {
    *file({ failure }) {
      yield* failure ?? [];
    },
  },
};
