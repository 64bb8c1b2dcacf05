import type { CarriedWrite } from '@waybill/delivery';
import type { Kept } from './reader.ts';

/** The writes of a step. */
export interface StepWrites {
  /** The position of the log before the step. */
  readonly from: number;
  readonly state: readonly CarriedWrite[];
  /** The due time of the first timer that it sets; infinite without any. */
  readonly due: number;
  /** The result of the commit; `stale` when another holder has taken over. */
  readonly result: Promise<unknown>;
}

/**
 * The commit of the last step, while the next one is computed. One at a time, so that a step is never committed without those before
 * it.
 */
export interface Commits {
  /** Adds the commit of a step. The previous one has ended. */
  begin(writes: StepWrites): void;
  /** Waits for the current commit, if any. Returns false when another holder has taken over; throws when it failed. */
  ended(): Promise<boolean>;
  /** Reads stored data, with the writes of the current commit. */
  over(kept: Kept): Kept;
  /** Whether a commit has not been waited for. */
  readonly isOpen: boolean;
  /** The position of the log before the step that is not known to be stored; undefined without one. */
  readonly from: number | undefined;
  /** The due time of the first timer that the current commit sets; infinite without any. */
  readonly due: number;
}

/** Creates the commits of a processor. */
export function createCommits(): Commits {
  let current: StepWrites | undefined;
  let isStored = false;
  return {
    begin(writes) {
      current = writes;
      isStored = false;
      const note = (result: unknown): void => {
        if (current === writes) isStored = result !== 'stale';
      };
      // The next call of `ended` receives the error.
      writes.result.then(note, () => undefined);
    },
    async ended() {
      if (current === undefined) return true;
      const { result } = current;
      try {
        return (await result) !== 'stale';
      } finally {
        current = undefined;
      }
    },
    over: (kept) => async (keys) => {
      const written = current?.state;
      const stored = await kept(keys);
      if (written === undefined || written.length === 0) return stored;
      const wanted = new Set(keys);
      const rows = new Map(stored);
      for (const { key, value } of written) {
        if (!wanted.has(key)) continue;
        if (value === undefined) rows.delete(key);
        else rows.set(key, value);
      }
      return rows;
    },
    get isOpen() {
      return current !== undefined;
    },
    get from() {
      return isStored ? undefined : current?.from;
    },
    get due() {
      return current?.due ?? Number.POSITIVE_INFINITY;
    },
  };
}
