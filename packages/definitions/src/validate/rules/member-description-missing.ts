import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports a member of an object without a description. */
export const memberDescriptionMissing: Rule = {
  code: 'member_description_missing',
  severity: 'warning',
  summary: 'A member of an object field has no description.',
  remedy: 'State the purpose of the value in a sentence; editors show it next to the member.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, scopes, place } of allFields(definition)) {
        if (scopes.length < 2 || (field.description ?? '').trim() !== '') continue;
        yield { place: [...place, 'description'], message: `"${name}" has no description.` };
      }
    },
  },
};
