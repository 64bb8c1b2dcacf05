import type { Ajv } from 'ajv';
import { formatPlace, type Place } from '../mapping/paths.ts';
import type { Issue } from '../result/issue.ts';
import { pathOf } from '../validation/check-ajv.ts';
import { schemaFaults } from './check.ts';
import { createAjv, labelOf } from './compile.ts';
import type { PlanRule, TrackingPlan } from './plan.ts';

let checker: Ajv | undefined;
const known = new WeakMap<TrackingPlan, readonly Issue[]>();

/** Lists the problems of a plan of the right shape, by place. A plan without any can be compiled. */
export function trackingPlanIssues(plan: TrackingPlan): readonly Issue[] {
  let issues = known.get(plan);
  if (issues === undefined) {
    const labels = plan.rules.map(labelOf);
    issues = plan.rules.flatMap((rule, index) => [
      ...misplaced(rule, index),
      ...repeated(labels, index),
      ...ruleIssues(rule, index),
    ]);
    known.set(plan, issues);
  }
  return issues;
}

function ruleIssues({ schema }: PlanRule, index: number): readonly Issue[] {
  const issueAt = (place: Place, message: string): Issue => {
    const path = formatPlace(['rules', index, 'schema', ...place]);
    return { code: 'tracking_plan_invalid', path, message };
  };
  const faults = schemaFaults(schema);
  if (faults.length > 0) return faults.map(({ place, message }) => issueAt(place, message));
  checker ??= createAjv({ allErrors: true });
  if (checker.validateSchema(schema) === true) return [];
  const issues = (checker.errors ?? []).map(({ instancePath, message = 'is not valid' }) =>
    issueAt(pathOf(instancePath, schema), `The value ${message}.`),
  );
  // For a choice between types, the first error is enough.
  return issues.filter(({ path }, at) => issues.findIndex((one) => one.path === path) === at);
}

function repeated(labels: readonly string[], index: number): readonly Issue[] {
  const first = labels.indexOf(labels[index]!);
  if (first === index) return [];
  const message = `rules[${first}] also applies to ${labels[index]}.`;
  return [{ code: 'tracking_plan_invalid', path: `rules[${index}]`, message }];
}

function misplaced({ type, event }: PlanRule, index: number): readonly Issue[] {
  if (type === 'track' || event === undefined) return [];
  const message = 'Only rules for track events have an event name.';
  return [{ code: 'tracking_plan_invalid', path: `rules[${index}].event`, message }];
}
