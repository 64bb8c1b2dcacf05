import {
  completeItems,
  isIncomplete,
  lacksDerivation,
  type RecallMany,
  type ResolvedDestination,
} from '@waybill/core';
import { type AudienceStep, withAudiences, type WithAudiences } from './audiences.ts';
import { type Sent, toWork, type Work } from '../work.ts';

/** Items that can be planned into calls, and those that end here. */
export type Completed = WithAudiences;

/** Completes items whose audiences must be created, or whose destination runs in another process. */
export function completion(step: AudienceStep): ((works: readonly Work[]) => Promise<Completed>) | undefined {
  const { destination } = step.compiled;
  const derived = derivation(destination, step.recall);
  if (destination.destination.audiences === undefined) return derived;
  return async (given) => {
    const made = await withAudiences(given, step);
    const completed = await derived?.(made.works);
    if (completed === undefined) return made;
    return { ...made, works: completed.works, ended: [...made.ended, ...completed.ended] };
  };
}

/** Completes items whose destination runs in another process; undefined where it runs in this one. */
function derivation(
  { destination, settings }: ResolvedDestination,
  recall: RecallMany,
): ((works: readonly Work[]) => Promise<Completed>) | undefined {
  if (!isIncomplete(destination)) return undefined;
  return async (given) => {
    if (!given.some(({ ready }) => lacksDerivation(ready, destination)))
      return { works: given, ended: [], unsent: [], exchanges: [] };
    const items = await completeItems(
      given.map(({ ready }) => ready),
      { destination, settings, recall },
    );
    const works: Work[] = [];
    const ended: Sent[] = [];
    for (const [index, item] of items.entries()) {
      const work = given[index]!;
      if ('ready' in item) works.push(toWork(work, item.ready));
      else if (item.outcome.status === 'retry') ended.push({ work, outcome: item.outcome, exchangeIds: [] });
      else ended.push({ work, outcome: item.outcome, exchangeIds: [], untried: true });
    }
    return { works, ended, unsent: [], exchanges: [] };
  };
}
