import type { StepReport } from '@waybill/delivery';

/** The summed results of steps of a destination. */
export interface OutcomeSum {
  readonly destination: string;
  readonly events: number;
  readonly outcomes: StepReport['outcomes'];
}

/** Sums the reports of steps. */
export interface OutcomeSums {
  /** The number of destinations with sums. */
  readonly size: number;
  add(step: StepReport): void;
  /** Removes and returns the sums of a number of destinations. */
  take(count: number): readonly OutcomeSum[];
}

type Count = StepReport['outcomes'][number];

/** Creates empty sums. */
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
