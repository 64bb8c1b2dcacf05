import type { Rule } from '../rule.ts';

/** Reports an action without a description. */
export const actionDescriptionMissing: Rule = {
  code: 'action_description_missing',
  severity: 'error',
  summary: 'An action has no title or no description.',
  remedy: 'Say in a sentence what the action does.',
  checks: {
    *definition({ definition }) {
      for (const [key, action] of Object.entries(definition.actions)) {
        for (const member of ['title', 'description'] as const) {
          if ((action[member] ?? '').trim() !== '') continue;
          yield { place: ['actions', key, member], message: `The action "${key}" has no ${member}.` };
        }
      }
    },
  },
};
