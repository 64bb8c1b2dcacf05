/** Has readers of a log make their steps together. */
export interface Rounds {
  /**
   * Makes a step in the next round. A round begins when the steps of the one before have ended, so that who has little to do does not run
   * ahead, read and parse the same events alone, and commit alone.
   */
  step<T>(work: () => Promise<T>): Promise<T>;
  /** There is more than one round takes: the next one does not wait. */
  more(): void;
  /** Has rounds follow each other without a pause while somebody waits for the end. */
  hurry<T>(work: () => Promise<T>): Promise<T>;
}

/** From one round to the next, in milliseconds: what comes in meanwhile shares a read, a step and a commit. */
const EVERY = 50;
/** How long a round waits for steps of the one before, in milliseconds: a slow one does not keep all others waiting. */
const PATIENCE = 500;

/** Makes rounds, and tells when one begins. The first one begins at once; so does any other after a pause. */
export function createRounds(onBegin: () => void): Rounds {
  let waiting: (() => void)[] = [];
  /** Steps that have begun and not ended. */
  let underWay = 0;
  let begunAt = Number.NEGATIVE_INFINITY;
  let hurried = 0;
  let isMore = false;
  let endWait = (): void => undefined;
  const begin = (): void => {
    begunAt = performance.now();
    isMore = false;
    const all = waiting;
    waiting = [];
    underWay += all.length;
    onBegin();
    for (const resolve of all) resolve();
  };
  const schedule = (): void => {
    endWait();
    const pause = underWay > 0 ? PATIENCE : hurried > 0 || isMore ? 0 : EVERY;
    const wait = begunAt + pause - performance.now();
    if (pause > 0 && wait > 0) {
      const timer = setTimeout(begin, wait);
      endWait = () => clearTimeout(timer);
    } else {
      // Requests go before, and whoever has ended a step or was woken at the same time is there by then.
      let immediate = setImmediate(() => (immediate = setImmediate(begin)));
      endWait = () => clearImmediate(immediate);
    }
  };
  const sooner = (): void => {
    if (waiting.length > 0) schedule();
  };
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) schedule();
    });
  return {
    async step(work) {
      await next();
      try {
        return await work();
      } finally {
        underWay -= 1;
        if (underWay === 0) sooner();
      }
    },
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
