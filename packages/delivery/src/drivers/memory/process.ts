import type { StorePart } from '../../stores/stores.ts';

/** The operations of one process: pending, done, or cut off when it ends. */
export interface Process {
  /** Runs an operation that reads. */
  read<T>(work: () => T): Promise<T>;
  /** Runs an operation that changes a part, atomically. */
  write<T>(part: StorePart, work: () => T): Promise<T>;
  /** The same in two steps: whatever happens to the process in between, either the second step or `undo` runs. */
  commit<Begun, T>(
    part: StorePart,
    steps: {
      readonly begin: () => Begun;
      readonly end: (begun: Begun) => T;
      readonly undo: (begun: Begun) => void;
    },
  ): Promise<T>;
  /** Waits for pending operations, then ends. */
  close(): Promise<void>;
  end(): void;
}

/** Creates a process that may write some parts. */
export function createProcess(
  pause: (() => Promise<void>) | undefined,
  writes: readonly StorePart[],
): Process {
  const under = new Set<Promise<unknown>>();
  let ended = false;
  const alive = (): void => {
    if (ended) throw new Error('These stores are closed.');
  };
  const track = <T>(operation: Promise<T>): Promise<T> => {
    const settled = operation.then(
      () => void under.delete(settled),
      () => void under.delete(settled),
    );
    under.add(settled);
    return operation;
  };
  const mayWrite = (part: StorePart): void => {
    if (!writes.includes(part)) throw new Error(`The ${part} is open for reading only.`);
  };
  const run = async <T>(work: () => T): Promise<T> => {
    alive();
    await pause?.();
    alive();
    const result = work();
    await pause?.();
    alive();
    return result;
  };
  return {
    read: (work) => track(run(work)),
    write: (part, work) =>
      track(
        run(() => {
          mayWrite(part);
          return work();
        }),
      ),
    async commit(part, { begin, end, undo }) {
      alive();
      mayWrite(part);
      const begun = begin();
      let done = false;
      try {
        return await track(
          run(() => {
            done = true;
            return end(begun);
          }),
        );
      } finally {
        if (!done) undo(begun);
      }
    },
    async close() {
      await Promise.all(under);
      ended = true;
    },
    end() {
      ended = true;
    },
  };
}
