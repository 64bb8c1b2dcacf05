import { readFileSync } from 'node:fs';
import type { TrackingPlan } from '../../src/tracking-plan/index.ts';

/** An event and what a plan makes of it. */
export interface PlanCase {
  readonly name: string;
  readonly plan: TrackingPlan;
  readonly event: Readonly<Record<string, unknown>>;
  /** Code, path, rule, keyword, and what was done. */
  readonly violations: readonly (readonly [string, string, string, string, string])[];
  readonly blocked?: boolean;
  /** Its properties as they go on. */
  readonly properties?: object;
}

/** The cases, which every way into the log is held against. */
export const planCases = JSON.parse(
  readFileSync(new URL('../../../../test/cases/tracking-plan/rules.json', import.meta.url), 'utf8'),
) as readonly PlanCase[];
