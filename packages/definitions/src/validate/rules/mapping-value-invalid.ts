import { hookIssues, modeIssues, refusedConstants } from '@waybill/core';
import { within } from '../place.ts';
import type { Rule } from '../rule.ts';

/** Reports a constant that the field refuses. */
export const mappingValueInvalid: Rule = {
  code: 'mapping_value_invalid',
  severity: 'error',
  summary:
    'The mapping of a preset or workspace sets a field to an invalid constant, names a sync mode or a hook that the action does not have, or has invalid inputs for a hook.',
  remedy: 'Give a value that fits the field: its type, choices, format and bounds.',
  checks: {
    mapping: ({ mapping, action }) =>
      mapping === undefined || action === undefined
        ? []
        : within(mapping.place, [
            ...refusedConstants(mapping.value, action),
            ...modeIssues(mapping.value, action),
            ...hookIssues(mapping.value, action).filter(({ code }) => code === 'mapping_value_invalid'),
          ]),
  },
};
