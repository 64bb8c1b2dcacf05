/** Synchronises the steps of the readers of a log. */
export interface Rounds {
  /**
   * Makes a step in the next round. A round starts when the steps of the previous one have ended, so that a fast reader does not run
   * ahead and read, parse and commit the same events alone.
   */
  step<T>(work: () => Promise<T>): Promise<T>;
  /** Signals more work than fits in one round: the next one starts without waiting. */
  more(): void;
  /** Runs rounds without a pause while a caller waits for the end. */
  hurry<T>(work: () => Promise<T>): Promise<T>;
}

/** The interval between rounds, in milliseconds: events in between share a read, a step and a commit. */
const EVERY = 50;
/** The maximum wait of a round for steps of the previous one, in milliseconds: a slow step does not block the others. */
const PATIENCE = 500;

/** What is notified of rounds. */
export interface RoundsInput {
  /** Called when a round starts, and when its last step has ended: nothing of the previous one is needed then. */
  readonly onBetween: () => void;
  /** Collects garbage: called when all steps of a round have ended, and more work is known. */
  readonly collect?: (() => void) | undefined;
}

/** Creates rounds. The first one starts at once; so does every other after a pause. */
export function createRounds({ onBetween, collect }: RoundsInput): Rounds {
  let waiting: (() => void)[] = [];
  /** The number of running steps. */
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
    onBetween();
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
      // Requests have priority, and all readers that ended a step or were notified at the same time have joined by then.
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
        if (underWay === 0) {
          onBetween();
          if (isMore) collect?.();
          sooner();
        }
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
