import { readFileSync } from 'node:fs';
import type { TrackingPlan } from '../../src/tracking-plan/index.ts';

/** An event and the result of checking it. */
export interface PlanCase {
  readonly name: string;
  readonly plan: TrackingPlan;
  readonly event: Readonly<Record<string, unknown>>;
  /** Code, path, rule, keyword, and what was done. */
  readonly violations: readonly (readonly [string, string, string, string, string])[];
  readonly blocked?: boolean;
  /** Its properties after the actions. */
  readonly properties?: object;
}

/** The cases, checked for every way into the log. */
export const planCases = JSON.parse(
  readFileSync(new URL('../../../../test/cases/tracking-plan/rules.json', import.meta.url), 'utf8'),
) as readonly PlanCase[];
