/** Synchronises the steps of the readers of a log. */
export interface Rounds {
  /**
   * Makes a step in the next round. A round starts when the steps of the previous one have ended, so that a fast reader does not run
   * ahead and read, parse and commit the same events alone. A reader that is ahead nevertheless waits for the others.
   */
  step<T>(work: () => Promise<T>, from: ReadPosition): Promise<T>;
  /** Signals more work than fits in one round: the next one starts without waiting. */
  more(): void;
  /** Runs rounds without a pause while a caller waits for the end. */
  hurry<T>(work: () => Promise<T>): Promise<T>;
}

/** The position after which a reader reads a partition. */
export interface ReadPosition {
  readonly partition: number;
  readonly after: number;
}

/** A reader that waits for a round. */
interface Waiting extends ReadPosition {
  readonly begin: () => void;
}

/** The maximum number of positions by which a reader is behind and the others wait for it. */
const MOST_BEHIND = 20_000;
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
  let waiting: readonly Waiting[] = [];
  /** The number of running steps. */
  let underWay = 0;
  let begunAt = Number.NEGATIVE_INFINITY;
  let hurried = 0;
  let isMore = false;
  let endWait = (): void => undefined;
  const startRound = (): void => {
    begunAt = performance.now();
    const all = waiting;
    waiting = ahead(all);
    isMore = waiting.length > 0;
    underWay += all.length - waiting.length;
    onBetween();
    for (const one of all) if (!waiting.includes(one)) one.begin();
  };
  const schedule = (): void => {
    endWait();
    const pause = underWay > 0 ? PATIENCE : hurried > 0 || isMore ? 0 : EVERY;
    const wait = begunAt + pause - performance.now();
    if (pause > 0 && wait > 0) {
      const timer = setTimeout(startRound, wait);
      endWait = () => clearTimeout(timer);
    } else {
      // Requests have priority, and all readers that ended a step or were notified at the same time have joined by then.
      let immediate = setImmediate(() => (immediate = setImmediate(startRound)));
      endWait = () => clearImmediate(immediate);
    }
  };
  const sooner = (): void => {
    if (waiting.length > 0) schedule();
  };
  const next = (from: ReadPosition): Promise<void> =>
    new Promise((begin) => {
      waiting = [...waiting, { ...from, begin }];
      if (waiting.length === 1) schedule();
    });
  return {
    async step(work, from) {
      await next(from);
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

/** Returns the readers with others shortly behind them. */
function ahead(all: readonly Waiting[]): readonly Waiting[] {
  return all.filter(({ partition, after }) =>
    all.some((one) => one.partition === partition && one.after < after && after - one.after <= MOST_BEHIND),
  );
}
