import { workspaceShapeIssues } from '@waybill/core';
import { parsePlace } from '../../text/place.ts';
import type { Rule } from '../rule.ts';

/** Reports a workspace with an invalid shape. */
export const workspaceSchema: Rule = {
  code: 'workspace_schema',
  severity: 'error',
  summary:
    'The workspace does not follow `schemas/workspace.json`: a member is missing, unknown or of the wrong type.',
  remedy: 'Correct the member; other rules check the workspace once it has the right shape.',
  checks: {
    *shape({ kind, value }) {
      if (kind !== 'workspace') return;
      for (const { path, message } of workspaceShapeIssues(value)) {
        yield { place: parsePlace(path), message, key: message.startsWith('There is no such member') };
      }
    },
  },
};
