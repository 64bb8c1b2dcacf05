import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports bounds that are never checked. */
export const boundsNotApplicable: Rule = {
  code: 'bounds_not_applicable',
  severity: 'error',
  summary: 'A field has a minimum or maximum that its type does not have, so it is never checked.',
  remedy: 'Remove the bound: numbers and strings have bounds, single values only.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        const { type, multiple } = field;
        const bounded =
          ['string', 'text', 'password', 'number', 'integer'].includes(type) && multiple !== true;
        if (bounded) continue;
        for (const bound of ['minimum', 'maximum'] as const) {
          if (field[bound] === undefined) continue;
          const what = multiple === true ? 'A list' : `The type ${type}`;
          yield { place: [...place, bound], message: `"${name}": ${what} has no ${bound}.` };
        }
      }
    },
  },
};
