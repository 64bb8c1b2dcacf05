/** Why there is nothing to do. */
export type Idle = 'done' | 'held';

/** Work that goes on for as long as there is some. */
export interface Loop {
  /** There may be something to do now. */
  wake(): void;
  /** Resolves when there is nothing to do for now: `held` when that is because something must wait that is to be done. */
  idle(): Promise<Idle>;
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

/** How many milliseconds something is held back that is to be done. */
export interface Held {
  readonly heldMs: number;
}

/** The longest wait: timers of Node end earlier than they can be set for. */
const LONGEST_WAIT = 60_000;

/** Repeats work, which answers how many milliseconds it has nothing to do, or is held back; 0 to go on at once. */
export function createLoop(input: {
  readonly work: () => Promise<number | Held>;
  /** Answers how many milliseconds to wait after work that failed. */
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
      // Requests go before.
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

/** Loops that end, each in its own time. */
export interface Ending {
  end(loop: Pick<Loop, 'stop'>): void;
  /** Resolves when all of them have ended. */
  ended(): Promise<void>;
}

/** Ends loops without waiting for each. */
export function createEnding(): Ending {
  const open = new Set<Promise<void>>();
  return {
    end(loop) {
      const stopped: Promise<void> = loop.stop().finally(() => open.delete(stopped));
      // Who waits for all of them is told.
      stopped.catch(() => undefined);
      open.add(stopped);
    },
    async ended() {
      await Promise.all(open);
    },
  };
}

/** Does one thing after the other. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
