/** A clock that only a test advances. */
export interface FakeClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The same moment as an ISO 8601 string. */
  readonly iso: () => string;
  /** Advances the clock and returns the new time. */
  advance(milliseconds: number): number;
  /** Sets the clock to a moment. */
  set(moment: string | number): void;
}

/** The default time of a fake clock. */
export const TEST_TIME = '2026-01-15T12:00:00.000Z';

/** Creates a clock for tests; pass its `now` where the time is needed. */
export function fakeClock(start: string | number = TEST_TIME): FakeClock {
  let time = read(start);
  return {
    now: () => time,
    iso: () => new Date(time).toISOString(),
    advance(milliseconds) {
      time += milliseconds;
      return time;
    },
    set(moment) {
      time = read(moment);
    },
  };
}

function read(moment: string | number): number {
  const time = typeof moment === 'number' ? moment : Date.parse(moment);
  if (!Number.isFinite(time)) throw new Error(`"${moment}" is not a time.`);
  return time;
}
