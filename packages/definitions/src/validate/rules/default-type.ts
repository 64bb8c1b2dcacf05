import { allFields } from '../../data/fields.ts';
import { misfits } from '../literal.ts';
import type { Rule } from '../rule.ts';

/** Reports a default that the field itself refuses. */
export const defaultType: Rule = {
  code: 'default_type',
  severity: 'error',
  summary: 'A constant default does not fit its field: type, choices, format or bounds.',
  remedy: 'Give the default as the type of the field, among its choices.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        for (const misfit of misfits(field, field.default)) {
          yield {
            place: [...place, 'default', ...misfit.place],
            message: `The default of "${name}": ${misfit.message}`,
          };
        }
      }
    },
  },
};
