import { shapeFindings } from '../shape.ts';
import type { Rule } from '../rule.ts';

/** Reports a preset with an invalid shape. */
export const presetSchema: Rule = {
  code: 'preset_schema',
  severity: 'error',
  summary:
    'The preset does not follow `schemas/preset.json`: a member is missing, unknown or of the wrong type.',
  remedy: 'Correct the member; other rules check the preset once it has the right shape.',
  checks: { shape: ({ kind, value }) => (kind === 'preset' ? shapeFindings('preset', value) : []) },
};
