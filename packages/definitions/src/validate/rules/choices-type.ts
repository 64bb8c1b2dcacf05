import { allFields, choiceValues } from '../../data/fields.ts';
import { typeMisfit } from '../literal.ts';
import type { Rule } from '../rule.ts';

/** Reports choices that do not have the type of the field. */
export const choicesType: Rule = {
  code: 'choices_type',
  severity: 'error',
  summary: 'A choice is not of the type of its field: no value can be valid and be that choice.',
  remedy: 'Give choices as values of the type of the field, or make the field a string.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        for (const [index, value] of (choiceValues(field) ?? []).entries()) {
          const wanted = typeMisfit(field, value);
          if (wanted === undefined) continue;
          yield {
            place: [...place, 'choices', index],
            message: `The choice ${JSON.stringify(value)} of "${name}" is not ${wanted}.`,
          };
        }
      }
    },
  },
};
