import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** Reports a destination with too many mappings. */
export const workspaceMappingLimit: Rule = {
  code: 'workspace_mapping_limit',
  severity: 'error',
  summary: 'A destination has too many mappings.',
  remedy: 'Combine mappings, or raise `maxMappings` of the instance.',
  checks: { workspace: (subject) => resolved(subject, ['workspace_mapping_limit']) },
};
