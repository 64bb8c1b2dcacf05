import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports a field without a description. */
export const fieldDescriptionMissing: Rule = {
  code: 'field_description_missing',
  severity: 'error',
  summary: 'A field of an action or a setting has no description.',
  remedy: 'Say in a sentence what the value is for and what it should look like.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, scopes, place } of allFields(definition)) {
        if (scopes.length > 1 || (field.description ?? '').trim() !== '') continue;
        yield { place: [...place, 'description'], message: `"${name}" has no description.` };
      }
    },
  },
};
