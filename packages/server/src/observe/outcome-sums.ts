import type { StepReport } from '@waybill/delivery';

/** What steps of a destination did, together. */
export interface OutcomeSum {
  readonly destination: string;
  readonly events: number;
  readonly outcomes: StepReport['outcomes'];
}

/** Adds up what steps report. */
export interface OutcomeSums {
  /** Destinations with something to tell. */
  readonly size: number;
  add(step: StepReport): void;
  /** Takes the sums of so many destinations out. */
  take(count: number): readonly OutcomeSum[];
}

type Count = StepReport['outcomes'][number];

/** Nothing yet. */
export function createOutcomeSums(): OutcomeSums {
  const sums = new Map<string, { events: number; readonly counts: Map<string, Count> }>();
  return {
    get size() {
      return sums.size;
    },
    add({ destination, events, outcomes }) {
      if (events === 0 && outcomes.length === 0) return;
      const sum = sums.get(destination) ?? { events: 0, counts: new Map<string, Count>() };
      sums.set(destination, sum);
      sum.events += events;
      for (const one of outcomes) {
        const key = `${one.mappingId}\0${one.status}\0${one.code}`;
        const before = sum.counts.get(key)?.count ?? 0;
        sum.counts.set(key, { ...one, count: before + one.count });
      }
    },
    take(count) {
      const taken = [...sums].slice(0, count);
      for (const [destination] of taken) sums.delete(destination);
      return taken.map(([destination, { events, counts }]) => ({
        destination,
        events,
        outcomes: [...counts.values()],
      }));
    },
  };
}
