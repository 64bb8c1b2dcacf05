import { missingFields } from '@waybill/core';
import { within } from '../place.ts';
import type { Rule } from '../rule.ts';

/** Reports a mapping whose payloads are all refused. */
export const mappingRequiredMissing: Rule = {
  code: 'mapping_required_missing',
  severity: 'error',
  summary:
    'A mapping omits a required field: every payload is refused. In a preset, fields without a default are left to the user.',
  remedy: 'Map the field.',
  checks: {
    mapping: ({ of, mapping, action }) =>
      mapping === undefined || action === undefined || of === 'page'
        ? []
        : within(mapping.place, missingFields(mapping.whole, action, of === 'preset')),
  },
};
