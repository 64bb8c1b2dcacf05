import { compileTrackingPlan, type PlanJudge } from '@waybill/core';
import type { IntakeInput, Violations } from '@waybill/ingest';
import type { Metrics } from '../metrics.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';

/** Whether a source has a tracking plan. */
export function hasPlan({ resolved }: Pick<WorkspaceEditor, 'resolved'>, sourceId: string): boolean {
  return resolved.sources.some(({ id, plan }) => id === sourceId && plan !== undefined);
}

/** Creates the check of events against current plans, which records violations. */
export function judgeOf(
  editor: Pick<WorkspaceEditor, 'resolved'>,
  violations: Pick<Violations, 'add'>,
  metrics: Pick<Metrics, 'violation'>,
): NonNullable<IntakeInput['judge']> {
  let known: WorkspaceEditor['resolved'] | undefined;
  let judges: ReadonlyMap<string, PlanJudge> = new Map();
  return (sourceId, event) => {
    if (known !== editor.resolved) {
      known = editor.resolved;
      judges = new Map(
        known.sources.flatMap(({ id, plan }) =>
          plan === undefined ? [] : [[id, compileTrackingPlan(plan)]],
        ),
      );
    }
    const judged = judges.get(sourceId)?.(event);
    if (judged === undefined) return undefined;
    violations.add(sourceId, event, judged.violations);
    for (const { code, done } of judged.violations) metrics.violation(sourceId, code, done);
    return judged;
  };
}
