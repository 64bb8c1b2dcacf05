import { completeItems, isIncomplete, type RecallMany, type ResolvedDestination } from '@waybill/core';
import type { Sent, Work } from '../work.ts';

/** Items that can be planned into calls, and those that end before. */
export interface Completed {
  readonly works: readonly Work[];
  readonly ended: readonly Sent[];
}

/** Completes items where the code of their destination runs in another process; undefined where it runs in this one. */
export function completion(
  { destination, settings }: ResolvedDestination,
  recall: RecallMany,
): ((works: readonly Work[]) => Promise<Completed>) | undefined {
  if (!isIncomplete(destination)) return undefined;
  return async (given) => {
    const items = await completeItems(
      given.map(({ ready }) => ready),
      { destination, settings, recall },
    );
    const works: Work[] = [];
    const ended: Sent[] = [];
    for (const [index, item] of items.entries()) {
      const work = given[index]!;
      if ('ready' in item)
        works.push({ ...work, ready: item.ready, item: item.ready.item, group: item.ready.group });
      else if (item.outcome.status === 'retry') ended.push({ work, outcome: item.outcome, exchangeIds: [] });
      else ended.push({ work, outcome: item.outcome, exchangeIds: [], untried: true });
    }
    return { works, ended };
  };
}
