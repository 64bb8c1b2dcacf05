import type { Rule } from '../rule.ts';

/** Reports a destination without actions. */
export const definitionNoActions: Rule = {
  code: 'definition_no_actions',
  severity: 'error',
  summary: 'The destination has no action.',
  remedy: 'Add an action.',
  ofActions: true,
  checks: {
    *definition({ definition }) {
      if (Object.keys(definition.actions).length > 0) return;
      yield { place: ['actions'], message: `"${definition.name}" has no action: nothing can be sent to it.` };
    },
  },
};
