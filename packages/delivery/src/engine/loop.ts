import type { EngineLogger } from './engine.ts';

/** Repeats a step for as long as it finds something to do, then waits to be woken. */
export interface Loop {
  start(): void;
  wake(): void;
  /** Ends after the current step. */
  stop(): Promise<void>;
  busy(): boolean;
  /**
   * Retries a write until it succeeds: items were already sent, and sending them again because the disk is full would not help.
   * Undefined when the loop was stopped before; then the step is repeated after the next start.
   */
  persist<T>(write: () => Promise<T>): Promise<T | undefined>;
}

/** The inputs of a loop. */
export interface LoopInput {
  readonly name: string;
  /** Returns false when there was nothing to do. */
  readonly step: (loop: Loop) => Promise<boolean>;
  /** When there will be work, if known; epoch milliseconds. */
  readonly until: () => number | undefined;
  readonly now: () => number;
  readonly logger: EngineLogger;
}

/** The maximum wait, in case a wake-up is missed. */
const LONGEST_SLEEP = 1_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;

/** Creates a loop, idle until it is started. */
export function createLoop(input: LoopInput): Loop {
  let running: Promise<void> | undefined;
  let stopping = false;
  let busy = false;
  let woken = false;
  let rouse: (() => void) | undefined;

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopping) return resolve();
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        rouse = undefined;
        resolve();
      }
      rouse = done;
    });
  /** Waits despite work, because the last attempt failed. */
  const pause = async (failures: number): Promise<void> => {
    woken = false;
    await sleep(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures - 1, 12)));
  };

  const loop: Loop = {
    start() {
      stopping = false;
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    wake() {
      woken = true;
      rouse?.();
    },
    async stop() {
      stopping = true;
      rouse?.();
      await running;
    },
    busy: () => busy,
    async persist(write) {
      for (let failures = 1; ; failures += 1) {
        try {
          return await write();
        } catch (error) {
          input.logger.error(
            { destination: input.name, err: error },
            'The results of a step could not be stored.',
          );
          if (stopping) return undefined;
          await pause(failures);
          if (stopping) return undefined;
        }
      }
    },
  };

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping) {
      woken = false;
      busy = true;
      let more = false;
      const began = input.now();
      try {
        more = await input.step(loop);
        failures = 0;
      } catch (error) {
        failures += 1;
        input.logger.error({ destination: input.name, err: error }, 'A step of a lane failed.');
      } finally {
        busy = false;
      }
      if (failures > 0) await pause(failures);
      else if (more) await breathe();
      else await sleep(untilNext(began));
    }
  }

  /** A time that had already passed when the step began did not cause work. */
  function untilNext(began: number): number {
    const next = input.until();
    if (next === undefined || next <= began) return LONGEST_SLEEP;
    return Math.min(LONGEST_SLEEP, Math.max(1, next - input.now()));
  }

  return loop;
}

/** Yields to timers, other lanes and messages between two steps. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
