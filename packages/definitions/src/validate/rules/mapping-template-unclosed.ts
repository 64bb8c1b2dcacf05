import { unclosedTemplates } from '@waybill/core';
import { within } from '../place.ts';
import type { Rule } from '../rule.ts';

/** Reports a template with unclosed braces. */
export const mappingTemplateUnclosed: Rule = {
  code: 'mapping_template_unclosed',
  severity: 'error',
  summary: 'A template opens braces and never closes them: they would be sent unchanged.',
  remedy: 'Close the path with `}}`; docs/directives.md shows templates.',
  checks: {
    mapping: ({ mapping }) =>
      mapping === undefined ? [] : within(mapping.place, unclosedTemplates(mapping.value)),
  },
};
