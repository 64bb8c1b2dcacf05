import { allFields } from '../../data/fields.ts';
import type { Rule } from '../rule.ts';

/** Reports `properties` of a field that is not an object. */
export const propertiesNotApplicable: Rule = {
  code: 'properties_not_applicable',
  severity: 'error',
  summary: 'A field that is not an object has members.',
  remedy: 'Make its type `object`, or remove `properties`.',
  checks: {
    *definition({ definition }) {
      for (const { name, field, place } of allFields(definition)) {
        if (field.properties === undefined || field.type === 'object') continue;
        yield {
          place: [...place, 'properties'],
          message: `"${name}" is of type ${field.type} and has members.`,
        };
      }
    },
  },
};
