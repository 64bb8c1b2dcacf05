import { createContext, use } from 'react';
import { type Place, type Trace, type Traced, tracedAt } from '../../editor/trace.ts';
import { reads } from '../../editor/value.ts';

type Keys = readonly (string | number)[];

/** Where values are shown: what directives did for the sample event, and how a value of the event is read from there. */
export interface Around {
  readonly trace: Trace;
  /** The item of a list that is turned to. */
  readonly turned: number;
  readonly reads: (keys: Keys) => unknown;
}

/** What is around the values that are shown. */
export const Surroundings = createContext<Around>({ trace: new Map(), turned: 0, reads });

/** What is around a value. */
export function useAround(): Around {
  return use(Surroundings);
}

/** What the directive that a value is did for the sample event. */
export function useTraced(place: Place, value: unknown): Traced | undefined {
  const { trace, turned } = useAround();
  return tracedAt(trace, place, value, turned);
}
