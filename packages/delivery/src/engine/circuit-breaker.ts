import type { Outcome } from '@waybill/core';
import { backoff } from './backoff.ts';
import type { EngineLogger, LaneHold, RetryPolicy } from './engine.ts';
import { HOLDING, isRetry, OUTAGE } from './policy.ts';
import type { Sent } from '../work.ts';

/** Users that must fail, and none succeed, before an outage is assumed: a single one may have a bad item. */
const USERS_OF_AN_OUTAGE = 3;

/** After so long, items that fail are not to blame: a few bad ones could look like an outage for a moment. */
const LASTING = 10 * 60_000;

/** A destination that works again gets so many times as much with every step. */
const RAMP = 8;

/** What is known of the destination after a step. */
export interface Health {
  /** Whether it failed as a whole. */
  readonly failed: boolean;
  /** Whether it has been down for long. */
  readonly lasting: boolean;
  /** When it last worked again after it had been down for long; 0 when it never was. */
  readonly recoveredAt: number;
}

/** Keeps a lane from hammering a destination that does not work: open, its lane holds; half-open, it lets a probe through. */
export interface CircuitBreaker {
  /** Set while the destination is not known to work again; `until` may have passed, then the lane may probe. */
  current(): LaneHold | undefined;
  /** Whether nothing may be sent at this moment. */
  blocks(now: number): boolean;
  /** How many events a step may take: few while the destination is not known to work well. */
  room(limits: { readonly events: number; readonly probe: number }): number;
  /** Learns from what a step has sent. */
  learn(sent: readonly Sent[], now: number): Health;
  /** Has the next probe follow at once. */
  probe(now: number): void;
  /** Forgets everything, for example because the settings were changed. */
  release(): void;
}

/** What a circuit breaker is made of. */
export interface CircuitBreakerInput {
  readonly destination: string;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly logger: EngineLogger;
}

/** An outcome that speaks against the destination. */
type Failure = Exclude<Outcome, { readonly status: 'delivered' }>;

/** The circuit breaker of one lane. */
export function createCircuitBreaker(input: CircuitBreakerInput): CircuitBreaker {
  const { destination, policy, random, logger } = input;
  let failures = 0;
  let hold: LaneHold | undefined;
  let ramp: number | undefined;
  let recoveredAt = 0;

  const works = (now: number): void => {
    failures = 0;
    if (hold !== undefined) {
      if (now - hold.since >= LASTING) recoveredAt = now;
      hold = undefined;
      ramp = RAMP;
      logger.info({ destination }, 'The destination works again.');
    } else if (ramp !== undefined) ramp *= RAMP;
  };
  const trip = ({ code, message }: Failure, now: number, wait: number): void => {
    if (hold === undefined) {
      // To be asked for fewer calls is the normal way of a limit that others share.
      const level = code === 'destination_rate_limited' ? 'info' : 'warn';
      logger[level]({ destination, code, reason: message }, 'The destination fails; the lane is held.');
    }
    hold = { code, message, since: hold?.since ?? now, until: now + wait };
  };
  const health = (failed: boolean, now: number): Health => ({
    failed,
    lasting: failed && hold !== undefined && now - hold.since >= LASTING,
    recoveredAt,
  });

  return {
    current: () => hold,
    blocks: (now) => hold !== undefined && now < hold.until,
    room({ events, probe }) {
      if (hold !== undefined) return probe;
      if (ramp !== undefined && ramp >= events) ramp = undefined;
      return ramp ?? events;
    },
    probe(now) {
      if (hold !== undefined) hold = { ...hold, until: Math.min(hold.until, now) };
    },
    release() {
      failures = 0;
      hold = undefined;
      ramp = undefined;
    },
    learn(sents, now) {
      const all = sents.filter(({ untried }) => untried !== true);
      if (all.some(({ outcome }) => outcome.status === 'delivered')) {
        works(now);
        return health(false, now);
      }
      // What was skipped says nothing of the destination.
      const sent = all.filter(({ outcome }) => outcome.status !== 'skipped');
      const failed = sent.flatMap(({ outcome, work }) =>
        outcome.status !== 'delivered' && isRetry(outcome) && OUTAGE.has(outcome.code)
          ? [{ outcome, work }]
          : [],
      );
      const [first] = failed;
      if (first === undefined || failed.length < sent.length) {
        if (sent.length > 0) works(now);
        return health(false, now);
      }
      const limited = failed.find(({ outcome }) => outcome.code === 'destination_rate_limited');
      const known = hold !== undefined || failed.some(({ outcome }) => HOLDING.has(outcome.code));
      const users = new Set(failed.map(({ work }) => work.user)).size;
      // A 429 slows the calls down; only when nothing got through is there a reason to stop.
      if (!known && limited === undefined && users < USERS_OF_AN_OUTAGE) return health(true, now);
      failures += 1;
      const afterMs = Math.max(
        0,
        ...failed.map(({ outcome }) => ('afterMs' in outcome ? (outcome.afterMs ?? 0) : 0)),
      );
      const wait = Math.max(
        // Half of the wait is fixed: with full jitter a probe could follow at once.
        backoff({ ...policy, maxDelay: policy.maxHold }, { attempts: failures, random: 0.5 + random() / 2 }),
        Math.min(afterMs, policy.window),
      );
      trip((limited ?? first).outcome, now, wait);
      return health(true, now);
    },
  };
}
