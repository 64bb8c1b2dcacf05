import { trackingPlanIssues, trackingPlanShapeIssues, type TrackingPlan } from '@waybill/core';
import { parsePlace } from '../../text/place.ts';
import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** Reports an invalid tracking plan. */
export const trackingPlanInvalid: Rule = {
  code: 'tracking_plan_invalid',
  severity: 'error',
  summary:
    'A tracking plan does not match `schemas/tracking-plan.json`, or a schema in it contains something unsupported: an unknown keyword or format, a reference, a slow pattern.',
  remedy: 'Correct the rule at the path; docs/tracking-plans.md lists what schemas of a plan may contain.',
  checks: {
    *shape({ kind, value }) {
      if (kind !== 'plan') return;
      const shape = trackingPlanShapeIssues(value);
      const issues = shape.length > 0 ? shape : trackingPlanIssues(value as TrackingPlan);
      for (const { path, message } of issues) yield { place: parsePlace(path), message };
    },
    workspace: (subject) => resolved(subject, ['tracking_plan_invalid']),
  },
};
