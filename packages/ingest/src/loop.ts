/** Why a loop is idle. */
export type Idle = 'done' | 'held';

/** Work that is repeated while there is some. */
export interface Loop {
  /** Wakes the loop. */
  wake(): void;
  /** Resolves when the loop is idle: `held` when pending work must wait. */
  idle(): Promise<Idle>;
  /** Stops; resolves when the current work has ended. */
  stop(): Promise<void>;
}

/** How long pending work is delayed, in milliseconds. */
export interface Held {
  readonly heldMs: number;
}

/** The maximum wait: Node's timers overflow above it. */
const LONGEST_WAIT = 60_000;

/** Repeats work, which returns for how many milliseconds it is idle, or delayed; 0 to continue at once. */
export function createLoop(input: {
  readonly work: () => Promise<number | Held>;
  /** Returns the delay after failed work, in milliseconds. */
  readonly onError: (error: unknown) => number;
}): Loop {
  let stopped = false;
  let woken = false;
  let sleeping = false;
  let idle: Idle = 'done';
  let endWait = (): void => undefined;
  let idlers: ((idle: Idle) => void)[] = [];

  const once = async (): Promise<number | Held> => {
    try {
      return await input.work();
    } catch (error) {
      return input.onError(error);
    }
  };
  const sleep = async (wait: number, isHeld: boolean): Promise<void> => {
    sleeping = true;
    idle = isHeld ? 'held' : 'done';
    for (const resolve of idlers) resolve(idle);
    idlers = [];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(wait, LONGEST_WAIT));
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    sleeping = false;
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      woken = false;
      const answer = await once();
      if (stopped) break;
      const wait = typeof answer === 'number' ? answer : answer.heldMs;
      if (wait > 0 && !woken) await sleep(wait, typeof answer !== 'number');
      // Requests take precedence.
      else await new Promise((resolve) => setImmediate(resolve));
    }
    for (const resolve of idlers) resolve('done');
  };
  const running = run();

  const wake = (): void => {
    woken = true;
    endWait();
  };
  return {
    wake,
    idle: () =>
      stopped || (sleeping && !woken)
        ? Promise.resolve(idle)
        : new Promise((resolve) => {
            idlers.push(resolve);
          }),
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}

/** Loops that are stopping. */
export interface Ending {
  end(loop: Pick<Loop, 'stop'>): void;
  /** Resolves when all have ended. */
  ended(): Promise<void>;
}

/** Stops loops without waiting for each. */
export function createEnding(): Ending {
  const open = new Set<Promise<void>>();
  return {
    end(loop) {
      const stopped: Promise<void> = loop.stop().finally(() => open.delete(stopped));
      // The caller of `ended` receives the error.
      stopped.catch(() => undefined);
      open.add(stopped);
    },
    async ended() {
      await Promise.all(open);
    },
  };
}

/** Creates a queue that runs work serially. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
