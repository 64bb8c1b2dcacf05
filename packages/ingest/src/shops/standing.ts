import type { Rejected, Retry } from '@waybill/core';
import { isOfTheShop } from './page.ts';

/** A failed attempt. */
export interface Failed {
  readonly code: string;
  readonly message: string;
  /** Its time, in epoch milliseconds. */
  readonly at?: number;
}

/** The status of attempts, and the time of the next one. */
export interface Standing {
  readonly tries: number;
  readonly failure: Failed | undefined;
  /** Epoch milliseconds. */
  readonly until: number;
  failed(failure: Rejected | Retry, now: number): void;
  worked(): void;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;

/** Creates a status with growing delays after failures, up to five minutes, or as long as requested. */
export function createStanding(): Standing {
  let tries = 0;
  let until = 0;
  let failure: Failed | undefined;
  return {
    get tries() {
      return tries;
    },
    get failure() {
      return failure;
    },
    get until() {
      return until;
    },
    failed({ code, message, ...rest }, now) {
      const asked = 'afterMs' in rest ? rest.afterMs : undefined;
      until = now + (asked ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries, 20)));
      tries += 1;
      failure = { code, message, at: now };
    },
    worked() {
      tries = 0;
      until = 0;
      failure = undefined;
    },
  };
}

/** The status of a shop, and of each of its tasks. */
export interface Standings {
  /** The shop itself. */
  readonly whole: Standing;
  of(task: string): Standing;
  /** Records a failed attempt, because of the shop or of the requested data. */
  failed(standing: Standing, what: string, failure: Rejected | Retry): void;
}

/** Creates the status of the tasks of a shop. */
export function createStandings(input: {
  readonly now: () => number;
  readonly onFailure: (what: string, failure: Failed) => void;
}): Standings {
  const whole = createStanding();
  const tasks = new Map<string, Standing>();
  return {
    whole,
    of(task) {
      const found = tasks.get(task) ?? createStanding();
      tasks.set(task, found);
      return found;
    },
    failed(standing, what, failure) {
      (isOfTheShop(failure) ? whole : standing).failed(failure, input.now());
      input.onFailure(what, failure);
    },
  };
}
