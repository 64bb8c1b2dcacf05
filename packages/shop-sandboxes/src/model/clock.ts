/** The time of a shop, in milliseconds. */
export interface Clock {
  /** Returns the current time. */
  now(): number;
  /** Returns the time of the next change: later than that of any earlier change. */
  tick(): number;
  /** Advances time. */
  advance(ms: number): void;
  /** Whether time only passes by `advance` and `tick`. */
  readonly manual: boolean;
}

/**
 * Creates a clock that starts at `start` and advances a second with every change; without `start`, one that follows `real`. `behind`
 * is its initial lag.
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
