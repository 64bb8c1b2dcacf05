import type { Rejected, Retry } from '@waybill/core';

/** Retries temporary failures. */
export interface Patience {
  /** Calls a function until it succeeds, a few times; `tries` counts from 0. */
  of<T extends object>(
    call: (tries: number) => Promise<T | { readonly failure: Rejected | Retry }>,
  ): Promise<T | { readonly failure: Rejected | Retry }>;
  /** Aborts all waits. */
  stop(): void;
  readonly stopped: boolean;
}

const MOST_TRIES = 8;
const FIRST_WAIT = 1_000;
/** The maximum wait; longer ones fail. */
const LONGEST_WAIT = 120_000;

/** Creates the retries of a comparison. */
export function createPatience(sleep: (milliseconds: number) => Promise<void>): Patience {
  let stopped = false;
  const stopping = Promise.withResolvers<void>();
  return {
    async of(call) {
      for (let tries = 0; ; tries += 1) {
        const answer = stopped ? { failure: STOPPED } : await call(tries);
        if (!('failure' in answer) || answer.failure.status !== 'retry' || tries + 1 >= MOST_TRIES)
          return answer;
        const wait = answer.failure.afterMs ?? FIRST_WAIT * 2 ** tries;
        if (wait > LONGEST_WAIT) return answer;
        await Promise.race([sleep(wait), stopping.promise]);
      }
    },
    stop() {
      stopped = true;
      stopping.resolve();
    },
    get stopped() {
      return stopped;
    },
  };
}

const STOPPED: Rejected = {
  status: 'rejected',
  code: 'server_error',
  message: 'The server was stopped in the meantime.',
};
