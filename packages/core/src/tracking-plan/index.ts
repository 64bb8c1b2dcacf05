export { compileTrackingPlan } from './judge.ts';
export type { Judged, PlanJudge, PlanViolation } from './judge.ts';
export { trackingPlanIssues } from './issues.ts';
export { RULE_TYPES, trackingPlanSchema } from './plan.ts';
export type { PlanAction, PlanRule, PlanSchema, RuleType, TrackingPlan } from './plan.ts';
export { importTrackingPlan } from './import.ts';
export type { ImportedPlan } from './import.ts';
export { inferTrackingPlan } from './infer.ts';
export type { SeenShape } from './infer.ts';
