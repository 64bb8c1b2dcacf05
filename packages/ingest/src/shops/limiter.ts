import { setTimeout } from 'node:timers/promises';
import {
  headerOf,
  type HttpCall,
  type HttpFailure,
  type HttpResponse,
  type Request,
  retryAfter,
  type ShopLimits,
} from '@waybill/core';
import { createQuota, type Quota } from './quota.ts';

/** Call counts by quota. */
export type CallCounts = Readonly<Record<string, ReturnType<Quota['counts']>>>;

/** What a limiter learns from an answer. */
export type Heard = Pick<HttpResponse, 'kind' | 'status' | 'headers'> | Pick<HttpFailure, 'kind'>;

/** Keeps all calls of a source within the limits of its shop. */
export interface Limiter {
  /** Wraps a request function so that each call waits for its turn; one that would wait too long fails at once. */
  limit(request: Request): Request;
  /** The same for a call in another thread, whose answers are reported. */
  inTurn<Answer extends Heard>(
    send: () => Promise<Answer>,
    isRepeatable: boolean,
  ): Promise<Answer | HttpFailure>;
  /** Returns the milliseconds until a call may be made. */
  waitMs(): number;
  /** Returns the counts of long periods, which survive a restart. */
  counts(): CallCounts;
  /** Restores stored counts. */
  restore(counts: CallCounts): void;
  /** Aborts all waits. */
  close(): void;
}

/** The inputs of a limiter. */
export interface LimiterInput {
  readonly limits: ShopLimits;
  readonly now: () => number;
  /** Waits; ends early when the signal is aborted. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** The maximum wait of a call for its turn. A source with a later turn is parked. */
export const PATIENCE = 60_000;
/** The number of retries of a temporarily refused call. */
const REPEATS = 3;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;
/** The maximum delay that a shop can ask for: a day. */
const DAY = 86_400_000;
/** The minimum period whose counts survive a restart, in seconds. */
const LONG = 600;

/** Creates the limiter of a source. */
export function createLimiter({ limits, now, sleep = sleepUntil }: LimiterInput): Limiter {
  const closing = new AbortController();
  const quotasOf = (kept: CallCounts): ReadonlyMap<string, Quota> =>
    new Map(
      (limits.quotas ?? []).map((one) => {
        const name = `${one.calls}/${one.seconds}`;
        return [name, createQuota(one, now, kept[name])];
      }),
    );
  let quotas = quotasOf({});
  let running = 0;
  let blockedUntil = 0;
  let refusals = 0;
  const waiting: (() => void)[] = [];

  const waitMs = (): number =>
    Math.max(0, blockedUntil - now(), ...[...quotas.values()].map((one) => one.waitMs()));
  /** Waits for a turn; returns the remaining milliseconds when they are too many. */
  const turn = async (): Promise<number> => {
    for (;;) {
      if (closing.signal.aborted) return FIRST_WAIT;
      const wait = waitMs();
      if (wait > PATIENCE) return wait;
      if (wait > 0) await sleep(wait, closing.signal);
      else if (running >= limits.concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
      else {
        running += 1;
        for (const quota of quotas.values()) quota.count();
        return 0;
      }
    }
  };
  const block = (milliseconds: number): void => {
    blockedUntil = Math.max(blockedUntil, now() + Math.min(DAY, milliseconds));
  };
  /** Learns from an answer; returns whether the call may be retried after a delay. */
  const heard = async (answer: Heard): Promise<boolean> => {
    if (answer.kind === 'failure') return false;
    const left = await limits.left?.(answer.headers);
    // Calls in progress may not have been counted by the shop yet.
    if (left !== undefined && left.calls <= running) block(left.resetMs);
    const refused = answer.status === 429 || answer.status === 503;
    if (!refused) refusals = 0;
    else {
      const asked = retryAfter(headerOf(answer, 'retry-after'), now()) ?? left?.resetMs;
      block(asked ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(refusals++, 20)));
    }
    return refused;
  };
  const inTurn: Limiter['inTurn'] = async (send, isRepeatable) => {
    for (let repeat = 0; ; repeat += 1) {
      const wait = await turn();
      if (wait > 0) return withheld(wait);
      try {
        const answer = await send();
        const refused = await heard(answer);
        const again = refused && (isRepeatable || (answer.kind === 'response' && answer.status === 429));
        if (!again || repeat >= REPEATS) return answer;
      } finally {
        running -= 1;
        for (const next of waiting.splice(0)) next();
      }
    }
  };
  return {
    limit: (request) => (call) => inTurn(() => request(call), isRepeatable(call)),
    inTurn,
    waitMs,
    counts: () =>
      Object.fromEntries(
        (limits.quotas ?? [])
          .filter(({ seconds }) => seconds >= LONG)
          .map(({ calls, seconds }) => `${calls}/${seconds}`)
          .map((name) => [name, quotas.get(name)!.counts()]),
      ),
    restore(counts) {
      quotas = quotasOf(counts);
    },
    close() {
      closing.abort();
      for (const next of waiting.splice(0)) next();
    },
  };
}

/** The effect of a 503 is unknown: only reads are repeated. */
export function isRepeatable({ json, body }: Pick<HttpCall, 'json' | 'body'>): boolean {
  return json === undefined && body === undefined;
}

async function sleepUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  // A stopped caller need not wait.
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

function withheld(wait: number): HttpFailure {
  const message = `The call was not made: the rate limits of the shop allow it only in ${Math.ceil(wait / 1_000)} s.`;
  return { kind: 'failure', ok: false, code: 'destination_rate_limited', message, exchange: 0 };
}
