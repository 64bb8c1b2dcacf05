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

/**
 * A clock that begins at `start` and moves a second with every change; without `start`, one that goes with `real`. `behind` is how far
 * it is behind at first.
 */
export function createClock(of: {
  readonly real: () => number;
  readonly start?: number | undefined;
  readonly behind?: number;
}): Clock {
  const { real, start, behind = 0 } = of;
  const manual = start !== undefined;
  let at = (start ?? behind) - behind;
  let ahead = -behind;
  const world = () => real() + ahead;
  return {
    manual,
    now: () => (manual ? at : Math.max(at, world())),
    tick: () => {
      at = manual ? at + 1000 : Math.max(at + 1, world());
      return at;
    },
    advance: (ms) => {
      if (manual) at += ms;
      else ahead += ms;
    },
  };
}
