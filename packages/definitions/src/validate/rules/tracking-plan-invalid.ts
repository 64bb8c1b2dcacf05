import { trackingPlanIssues, trackingPlanShapeIssues, type TrackingPlan } from '@waybill/core';
import { parsePlace } from '../../text/place.ts';
import type { Rule } from '../rule.ts';
import { resolved } from '../workspace.ts';

/** A tracking plan that events cannot be held against. */
export const trackingPlanInvalid: Rule = {
  code: 'tracking_plan_invalid',
  severity: 'error',
  summary:
    'A tracking plan does not follow `schemas/tracking-plan.json`, or a schema in it holds what plans cannot: an unknown keyword or format, a reference, a pattern that takes long.',
  remedy: 'Correct the rule at the path; docs/tracking-plans.md says what schemas of a plan may hold.',
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
