/** Has readers of a log make their steps together. */
export interface Rounds {
  /** Resolves when the next round begins. */
  next(): Promise<void>;
  /** There is more than one round takes: the next one does not wait. */
  more(): void;
  /** Has rounds follow each other without a pause while somebody waits for the end. */
  hurry<T>(work: () => Promise<T>): Promise<T>;
}

/** From one round to the next, in milliseconds: what comes in meanwhile shares a read, a step and a commit. */
const EVERY = 50;

/** Makes rounds, and tells when one begins. The first one begins at once; so does any other after a pause. */
export function createRounds(onBegin: () => void): Rounds {
  let waiting: (() => void)[] = [];
  let begunAt = Number.NEGATIVE_INFINITY;
  let hurried = 0;
  let isMore = false;
  let endWait = (): void => undefined;
  const begin = (): void => {
    begunAt = performance.now();
    isMore = false;
    const all = waiting;
    waiting = [];
    onBegin();
    for (const resolve of all) resolve();
  };
  const schedule = (): void => {
    endWait();
    const wait = hurried > 0 || isMore ? 0 : begunAt + EVERY - performance.now();
    if (wait > 0) {
      const timer = setTimeout(begin, wait);
      endWait = () => clearTimeout(timer);
    } else {
      // Requests go before, and whoever is woken at the same time is there by then.
      const immediate = setImmediate(begin);
      endWait = () => clearImmediate(immediate);
    }
  };
  const sooner = (): void => {
    if (waiting.length > 0) schedule();
  };
  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) schedule();
      }),
    more() {
      isMore = true;
      sooner();
    },
    async hurry(work) {
      hurried += 1;
      sooner();
      try {
        return await work();
      } finally {
        hurried -= 1;
      }
    },
  };
}
