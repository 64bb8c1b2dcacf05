import type { DeadLetterFilter, StateStore } from './store/port.ts';

/** Dead letters put back in one transaction. */
const STRIDE = 1_000;

/**
 * Puts the dead letters that a filter lets through back in their lanes, due at once; mappings apply as they are now.
 * Call it where the state is written, and wake the engine afterwards.
 */
export function replayDeadLetters(
  state: Pick<StateStore, 'deadLetters' | 'requeue'>,
  filter: DeadLetterFilter,
  now: number,
): { readonly requeued: number } {
  let requeued = 0;
  let afterId = filter.afterId ?? 0;
  let room = filter.limit ?? Number.POSITIVE_INFINITY;
  while (room > 0) {
    const rows = state.deadLetters({
      ...filter,
      includeReplayed: false,
      afterId,
      limit: Math.min(STRIDE, room),
    });
    const ids = rows.flatMap((row) => row.id ?? []);
    const last = ids.at(-1);
    if (last === undefined) break;
    requeued += state.requeue(ids, now);
    afterId = last;
    room -= ids.length;
  }
  return { requeued };
}
