import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports an empty list of choices. */
export const choicesEmpty: Rule = {
  code: 'choices_empty',
  severity: 'error',
  summary: 'A field has an empty list of choices.',
  remedy:
    'List the choices, or remove `choices`; a field whose choices come from the destination is `dynamic`.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        if (field.choices?.length !== 0 || field.dynamic === true) continue;
        yield { place: [...place, 'choices'], message: `"${name}" has no choices to choose from.` };
      }
    },
  },
};
