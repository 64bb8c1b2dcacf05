/** A clock that stands still until it is moved. */
export interface FakeClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The same moment as ISO 8601 text. */
  readonly iso: () => string;
  /** Moves the clock on and returns the new time. */
  advance(milliseconds: number): number;
  /** Sets the clock to a moment. */
  set(moment: string | number): void;
}

/** When a fake clock stands unless told otherwise. */
export const TEST_TIME = '2026-01-15T12:00:00.000Z';

/** Makes a clock for tests; hand its `now` to whatever asks for the time. */
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
