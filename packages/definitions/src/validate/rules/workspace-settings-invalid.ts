import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** Reports settings that the destination refuses. */
export const workspaceSettingsInvalid: Rule = {
  code: 'workspace_settings_invalid',
  severity: 'error',
  summary:
    'The settings of a destination are not valid. Values that come from the environment are not checked.',
  remedy: 'Correct the setting that the path names.',
  checks: { workspace: (subject) => resolved(subject, ['workspace_invalid_settings']) },
};
