import { allFields } from '../fields.ts';
import type { Rule } from '../rule.ts';

/** Choices that no value can be. */
export const choicesNotApplicable: Rule = {
  code: 'choices_not_applicable',
  severity: 'error',
  summary: 'A field has choices, which are texts, but its type is no text: no value can be one of them.',
  remedy: 'Make the field a string, or remove the choices.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        if (field.choices === undefined || field.choices.length === 0) continue;
        if (['string', 'text', 'password', 'datetime'].includes(field.type)) continue;
        yield {
          place: [...place, 'choices'],
          message: `"${name}" is of type ${field.type} and has choices.`,
        };
      }
    },
  },
};
