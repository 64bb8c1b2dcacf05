import { compileMapping, MappingError } from '@waybill/core';
import { parsePlace } from '../../text/place.ts';
import type { Rule } from '../rule.ts';

/** Reports a mapping that does not compile. */
export const mappingInvalid: Rule = {
  code: 'mapping_invalid',
  severity: 'error',
  summary: 'The mapping of a preset or workspace does not compile; every problem is listed with its path.',
  remedy: 'Correct the directive; docs/directives.md shows the shape of each.',
  checks: {
    *mapping({ mapping }) {
      if (mapping === undefined) return;
      try {
        compileMapping(mapping.value);
      } catch (error) {
        if (!(error instanceof MappingError)) throw error;
        for (const { path, message } of error.problems) {
          yield { place: [...mapping.place, ...parsePlace(path)], message };
        }
      }
    },
  },
};
