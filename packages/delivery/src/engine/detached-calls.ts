import type { CallResult, DetachedCall } from './call.ts';

/** Calls that were left behind; their items wait in rows until the answer is settled. */
export interface DetachedCalls {
  /** Users with such a call: nothing else of theirs is sent meanwhile. */
  readonly users: ReadonlySet<string>;
  readonly count: () => number;
  /** Sees to the answers. `settled` tells whether the rows of the items were written. */
  follow(
    calls: readonly DetachedCall[],
    settled: Promise<boolean>,
    settle: (answer: CallResult, begun: number) => Promise<unknown>,
  ): void;
  /** Resolves when all have been answered and settled. */
  done(): Promise<void>;
}

/** The detached calls of one lane. */
export function createDetachedCalls(onEnd: () => void, onError: (error: unknown) => void): DetachedCalls {
  const jobs = new Set<Promise<void>>();
  const users = new Set<string>();
  return {
    users,
    count: () => jobs.size,
    follow(calls, settled, settle) {
      for (const { works, answer } of calls) {
        for (const work of works) users.add(work.user);
        const begun = performance.now();
        const work = async (): Promise<void> => {
          const answered = await answer;
          // Not before the rows of its items are there; if they never will be, the step is done again.
          if (!(await settled)) return;
          const sent = answered.sent.map((one) => ({ ...one, work: { ...one.work, waits: true } }));
          await settle({ ...answered, sent }, begun);
        };
        const job = work()
          .catch(onError)
          .finally(() => {
            jobs.delete(job);
            for (const { user } of works) users.delete(user);
            onEnd();
          });
        jobs.add(job);
      }
    },
    done: async () => void (await Promise.all(jobs)),
  };
}
