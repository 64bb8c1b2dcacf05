/** Serialises heavy work. */
export interface Turns {
  /** Runs work at the caller's turn; undefined, without running it, when too many wait. */
  take<T>(work: () => Promise<T>): Promise<T> | undefined;
}

/** Creates turns with at most `most` waiting callers. */
export function createTurns(most: number): Turns {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      if (waiting >= most) return undefined;
      waiting += 1;
      const mine = last.then(work).finally(() => (waiting -= 1));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
