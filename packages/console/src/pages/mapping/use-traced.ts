import { createContext, use } from 'react';
import { type Place, type Trace, type Traced, tracedAt } from '../../editor/trace.ts';

type Keys = readonly (string | number)[];

/** Where values are shown: what directives did for the sample event, and how values of the event get there. */
export interface Around {
  readonly trace: Trace;
  /** The item of a list that is turned to. */
  readonly turned: number;
  /** The place that takes the next value picked from the sample. */
  readonly armed: string | undefined;
  readonly arm: (at: Place) => void;
  /** Puts what reads a value of the sample at a place. */
  readonly pick: (at: Place, keys: Keys) => void;
}

/** What is around the values that are shown. */
export const Surroundings = createContext<Around>({
  trace: new Map(),
  turned: 0,
  armed: undefined,
  arm: () => undefined,
  pick: () => undefined,
});

/** What is around a value. */
export function useAround(): Around {
  return use(Surroundings);
}

/** What the directive that a value is did for the sample event. */
export function useTraced(place: Place, value: unknown): Traced | undefined {
  const { trace, turned } = useAround();
  return tracedAt(trace, place, value, turned);
}
