/** Lets few callers at a time do what is heavy. */
export interface Turns {
  /** Does it when it is this caller's turn; undefined, and it was not done, when too many wait. */
  take<T>(work: () => Promise<T>): Promise<T> | undefined;
}

/** Turns one after the other, for which at most `most` callers wait. */
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
