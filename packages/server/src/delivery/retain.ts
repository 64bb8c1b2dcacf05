import type { State, StateLimits, StatePruned } from '@waybill/delivery';

/** The data deleted from the state. */
export interface Retained {
  readonly outcomes: number;
  readonly exchanges: number;
  /** Dead letters that were too old or too many, by destination. */
  readonly expired: Readonly<Record<string, number>>;
}

/** The pause between two steps, for deliveries, in milliseconds. */
const PAUSE = 1;

/** Deletes expired data from a state, in small steps. Call it where the state is written. */
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
