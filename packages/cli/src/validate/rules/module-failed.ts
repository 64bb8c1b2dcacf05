import type { Rule } from '../rule.ts';

/** A module that cannot be loaded or exports nothing to check. */
export const moduleFailed: Rule = {
  code: 'module_failed',
  severity: 'error',
  summary: 'A module cannot be loaded, refuses its own definition, or exports no destination.',
  remedy: 'Export a destination, or a list of them, made with `defineDestination`.',
  checks: {
    *file({ failure }) {
      for (const { message, place } of failure ?? []) yield { place, message };
    },
  },
};
