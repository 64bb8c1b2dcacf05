import { lintPortability } from '@waybill/core';
import { allFields } from '../../data/fields.ts';
import { parsePlace, type Place } from '../../text/place.ts';
import type { Found, Rule } from '../rule.ts';

/** Reports a mapping that Segment reads differently. */
export const mappingNotPortable: Rule = {
  code: 'mapping_not_portable',
  severity: 'warning',
  portable: true,
  summary: 'A mapping or default uses a directive that Segment does not have or interprets differently.',
  remedy: 'Use directives that both have; docs/compatibility/mapping.md lists the differences.',
  checks: {
    *definition({ definition }) {
      for (const { field, place, of } of allFields(definition)) {
        if (of === 'action') yield* notes(field.default, [...place, 'default']);
      }
    },
    *mapping({ mapping }) {
      if (mapping !== undefined) yield* notes(mapping.value, mapping.place);
    },
  },
};

function* notes(value: unknown, place: Place): Iterable<Found> {
  for (const { path, message } of lintPortability(value)) {
    yield { place: [...place, ...parsePlace(path)], message };
  }
}
