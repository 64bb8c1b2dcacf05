import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** Reports a mapping without a trigger. */
export const workspaceTriggerMissing: Rule = {
  code: 'workspace_trigger_missing',
  severity: 'error',
  summary: 'A mapping has no trigger, and neither its preset nor its action has one.',
  remedy: 'Add a trigger that selects the events of the mapping.',
  checks: { workspace: (subject) => resolved(subject, ['workspace_invalid']) },
};
