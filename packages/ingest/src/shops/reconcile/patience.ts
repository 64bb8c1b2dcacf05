import type { Rejected, Retry } from '@waybill/core';

/** Asks again for what fails only for now. */
export interface Patience {
  /** Calls until it does not fail, a few times; `tries` counts from 0. */
  of<T extends object>(
    call: (tries: number) => Promise<T | { readonly failure: Rejected | Retry }>,
  ): Promise<T | { readonly failure: Rejected | Retry }>;
  /** Nobody waits any more. */
  stop(): void;
  readonly stopped: boolean;
}

const MOST_TRIES = 8;
const FIRST_WAIT = 1_000;
/** What asks for more is not waited for. */
const LONGEST_WAIT = 120_000;

/** Makes the patience of one comparison. */
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
