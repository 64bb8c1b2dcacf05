import type { StepReport } from '@waybill/delivery';
import type { OutcomeCount, StepCounts } from './protocol.ts';

/** Counts the outcomes of a step, which are nearly always of one or two kinds. */
export function countOutcomes(step: StepReport): StepCounts {
  const counts: { -readonly [K in keyof OutcomeCount]: OutcomeCount[K] }[] = [];
  for (const { mappingId, status, code = '' } of step.outcomes) {
    const known = counts.find(
      (one) => one.mappingId === mappingId && one.status === status && one.code === code,
    );
    if (known === undefined) counts.push({ mappingId, status, code, count: 1 });
    else known.count += 1;
  }
  return { ...step, outcomes: counts };
}
