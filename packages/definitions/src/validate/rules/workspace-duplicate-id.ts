import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** Reports a duplicate ID in a workspace. */
export const workspaceDuplicateId: Rule = {
  code: 'workspace_duplicate_id',
  severity: 'error',
  summary: 'Two sources, destinations or mappings have the same ID, or two sources have the same write key.',
  remedy: 'Give each its own.',
  checks: { workspace: (subject) => resolved(subject, ['workspace_duplicate_id']) },
};
