/** The time of a shop, in milliseconds. */
export interface Clock {
  /** What time it is. */
  now(): number;
  /** The time of the next change: later than that of any change before. */
  tick(): number;
  /** Lets time pass. */
  advance(ms: number): void;
  /** Whether time passes by `advance` and `tick` alone. */
  readonly manual: boolean;
}

/** A clock that begins at `start` and moves a second with every change; without `start`, one that goes with `real`. */
export function createClock(real: () => number, start?: number): Clock {
  const manual = start !== undefined;
  let at = start ?? 0;
  let ahead = 0;
  const now = () => (manual ? at : Math.max(at, real() + ahead));
  return {
    manual,
    now,
    tick: () => {
      at = manual ? at + 1000 : Math.max(at + 1, real() + ahead);
      return at;
    },
    advance: (ms) => {
      if (manual) at += ms;
      else ahead += ms;
    },
  };
}
