import type { Rejected, Retry } from '@waybill/core';
import { isOfTheShop } from './page.ts';

/** Why an attempt came to nothing. */
export interface Failed {
  readonly code: string;
  readonly message: string;
  /** Epoch milliseconds: when it was made. */
  readonly at?: number;
}

/** How attempts at something have gone, and when to make the next one. */
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

/** Waits longer after each attempt that fails, up to five minutes, or for as long as was asked. */
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

/** How a shop stands, and each of its tasks. */
export interface Standings {
  /** The shop itself. */
  readonly whole: Standing;
  of(task: string): Standing;
  /** An attempt has failed, because of the shop itself or of what was asked for. */
  failed(standing: Standing, what: string, failure: Rejected | Retry): void;
}

/** Keeps how the tasks of a shop stand. */
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
