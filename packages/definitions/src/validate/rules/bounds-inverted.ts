import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports bounds that no value satisfies. */
export const boundsInverted: Rule = {
  code: 'bounds_inverted',
  severity: 'error',
  summary: 'The minimum of a field is above its maximum, or a length is negative.',
  remedy: 'Exchange or correct the bounds.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        const { minimum, maximum, type } = field;
        if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
          yield { place: [...place, 'minimum'], message: `"${name}": ${minimum} is above ${maximum}.` };
        } else if (maximum !== undefined && maximum < 0 && (type === 'string' || type === 'text')) {
          yield {
            place: [...place, 'maximum'],
            message: `"${name}": no string is ${maximum} characters long.`,
          };
        }
      }
    },
  },
};
