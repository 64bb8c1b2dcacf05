import { createContext, use } from 'react';
import { type Place, type Trace, type Traced, tracedAt } from '../../editor/trace.ts';

type Keys = readonly (string | number)[];

/** The context of shown values: traces of directives for the sample event, and picking values. */
export interface Around {
  readonly trace: Trace;
  /** The selected item of a list. */
  readonly turned: number;
  /** The place for the next value picked from the sample. */
  readonly armed: string | undefined;
  readonly arm: (at: Place) => void;
  /** Inserts a value of the sample at a place. */
  readonly pick: (at: Place, keys: Keys) => void;
}

/** The React context of shown values. */
export const Surroundings = createContext<Around>({
  trace: new Map(),
  turned: 0,
  armed: undefined,
  arm: () => undefined,
  pick: () => undefined,
});

/** Returns the context of a value. */
export function useAround(): Around {
  return use(Surroundings);
}

/** Returns the trace of a directive for the sample event. */
export function useTraced(place: Place, value: unknown): Traced | undefined {
  const { trace, turned } = useAround();
  return tracedAt(trace, place, value, turned);
}
