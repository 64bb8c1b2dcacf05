import type { DeadLetterFilter } from './stores/rows.ts';
import type { State } from './stores/state.ts';

/** Dead letters deleted in one transaction. */
const STRIDE = 500;

/**
 * Deletes the dead letters that match a filter, or only counts them. A generator, so that the caller can do other work in
 * between; returns their number per lane. Call it where the state is written.
 */
export async function* discardDeadLetters(
  state: Pick<State, 'deadLetters' | 'discard'>,
  filter: DeadLetterFilter,
  dryRun: boolean,
): AsyncGenerator<void, ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let afterId = filter.afterId ?? 0;
  let room = filter.limit ?? Number.POSITIVE_INFINITY;
  while (room > 0) {
    const rows = await state.deadLetters({
      ...filter,
      afterId,
      limit: Math.min(STRIDE, room),
      withoutPayload: true,
    });
    const ids = rows.flatMap((row) => row.id ?? []);
    const last = ids.at(-1);
    if (last === undefined) break;
    if (!dryRun) await state.discard(ids);
    for (const { destination } of rows) counts.set(destination, (counts.get(destination) ?? 0) + 1);
    afterId = last;
    room -= ids.length;
    yield;
  }
  return counts;
}
