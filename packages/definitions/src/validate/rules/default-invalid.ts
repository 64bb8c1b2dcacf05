import { compileMapping, MappingError } from '@waybill/core';
import { allFields } from '../../data/fields.ts';
import { parsePlace } from '../../text/place.ts';
import type { Rule } from '../rule.ts';

/** Reports a default that is not a valid mapping. */
export const defaultInvalid: Rule = {
  code: 'default_invalid',
  severity: 'error',
  summary: 'The default of a field of an action does not compile as a mapping.',
  remedy: 'Correct the directive; docs/directives.md shows the shape of each.',
  checks: {
    *definition({ definition }) {
      for (const { field, place, of } of allFields(definition)) {
        if (field.default === undefined || of === 'setting') continue;
        try {
          compileMapping({ value: field.default });
        } catch (error) {
          if (!(error instanceof MappingError)) throw error;
          for (const problem of error.problems) {
            const inner = parsePlace(problem.path).slice(1);
            yield { place: [...place, 'default', ...inner], message: problem.message };
          }
        }
      }
    },
  },
};
