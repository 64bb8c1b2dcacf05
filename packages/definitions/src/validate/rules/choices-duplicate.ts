import { allFields, choiceValues } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports a duplicate choice. */
export const choicesDuplicate: Rule = {
  code: 'choices_duplicate',
  severity: 'error',
  summary: 'Two choices of a field have the same value.',
  remedy: 'Remove one of them.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        const values = choiceValues(field) ?? [];
        for (const [index, value] of values.entries()) {
          if (values.indexOf(value) === index) continue;
          yield {
            place: [...place, 'choices', index],
            message: `"${name}" has the choice "${String(value)}" twice.`,
          };
        }
      }
    },
  },
};
