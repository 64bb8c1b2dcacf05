import { shapeFindings } from '../shape.ts';
import type { Rule } from '../rule.ts';

/** Reports a definition with an invalid shape. */
export const definitionSchema: Rule = {
  code: 'definition_schema',
  severity: 'error',
  summary:
    'The definition does not follow `schemas/definition.json`: a member is missing, unknown or of the wrong type.',
  remedy: 'Correct the member; other rules check the definition once it has the right shape.',
  checks: { shape: ({ kind, value }) => (kind === 'definition' ? shapeFindings('definition', value) : []) },
};
