import type { CallResult, DetachedCall } from './call.ts';

/** Detached calls; their items wait in rows until the answer is settled. */
export interface DetachedCalls {
  /** Users with such a call: nothing else of theirs is sent until it ends. */
  readonly users: ReadonlySet<string>;
  readonly count: () => number;
  /** Processes the answers. `settled` resolves to whether the rows of the items were written. */
  follow(
    calls: readonly DetachedCall[],
    settled: Promise<boolean>,
    settle: (answer: CallResult, begun: number) => Promise<unknown>,
  ): void;
  /** Resolves when all are answered and settled. */
  done(): Promise<void>;
}

/** Creates the detached calls of a lane. */
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
          // Waits for the rows of its items; if they cannot be written, the step is repeated.
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
