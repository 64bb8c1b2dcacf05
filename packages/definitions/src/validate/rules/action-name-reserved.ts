import type { Rule } from '../rule.ts';

/** The other documents next to those of the actions in `schemas/<slug>/`. */
const RESERVED = new Set(['settings', 'metadata', 'types']);

/** Reports an action whose schema would replace another document. */
export const actionNameReserved: Rule = {
  code: 'action_name_reserved',
  severity: 'error',
  summary:
    'An action has the key `settings`, `metadata` or `types`, which name other documents of a destination.',
  remedy: 'Give the action another key.',
  checks: {
    *definition({ definition }) {
      for (const key of Object.keys(definition.actions)) {
        if (!RESERVED.has(key)) continue;
        yield { place: ['actions', key], key: true, message: `No action can have the key "${key}".` };
      }
    },
  },
};
