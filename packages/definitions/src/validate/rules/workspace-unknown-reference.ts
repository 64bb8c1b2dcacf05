import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** Reports an unknown reference in a workspace. */
export const workspaceUnknownReference: Rule = {
  code: 'workspace_unknown_reference',
  severity: 'error',
  summary: 'The workspace names a source, processor, destination, preset or action that does not exist.',
  remedy: 'Use one of the names that the message lists.',
  checks: {
    workspace: (subject) =>
      resolved(subject, [
        'workspace_unknown_source',
        'workspace_unknown_source_type',
        'workspace_unknown_processor',
        'workspace_unknown_destination',
        'workspace_unknown_preset',
        'workspace_unknown_action',
      ]),
  },
};
