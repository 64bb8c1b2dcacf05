import type { State, StateLimits, StatePruned } from '@waybill/delivery';

/** What has left the state. */
export interface Retained {
  readonly outcomes: number;
  readonly exchanges: number;
  /** Dead letters that were too old or too much, by destination. */
  readonly expired: Readonly<Record<string, number>>;
}

/** Milliseconds that deliveries have for themselves between two steps. */
const PAUSE = 1;

/** Removes from a state what may go, a little at a time. Call it where the state is written. */
export async function retain(state: Pick<State, 'prune'>, limits: StateLimits): Promise<Retained> {
  const expired = new Map<string, number>();
  let [outcomes, exchanges] = [0, 0];
  for (let after: number | undefined = limits.after; after !== undefined;) {
    const step: StatePruned = await state.prune({ ...limits, after });
    outcomes += step.outcomes;
    exchanges += step.exchanges;
    for (const { destination, count } of step.expired)
      expired.set(destination, (expired.get(destination) ?? 0) + count);
    after = step.next;
    if (after !== undefined) await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return { outcomes, exchanges, expired: Object.fromEntries(expired) };
}
