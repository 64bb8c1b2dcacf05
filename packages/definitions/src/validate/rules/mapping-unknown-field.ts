import { unknownFields } from '@waybill/core';
import { within } from '../place.ts';
import type { Rule } from '../rule.ts';

/** Reports a mapping that sets an unknown field. */
export const mappingUnknownField: Rule = {
  code: 'mapping_unknown_field',
  severity: 'error',
  summary: 'The mapping of a preset or workspace names a field that the action does not have.',
  remedy: 'Use one of the fields of the action; the message lists them.',
  checks: {
    mapping: ({ mapping, action }) =>
      mapping === undefined || action === undefined
        ? []
        : within(mapping.place, unknownFields(mapping.value, action)).map((one) => ({ ...one, key: true })),
  },
};
