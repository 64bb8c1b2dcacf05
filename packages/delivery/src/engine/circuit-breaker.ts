import type { Outcome } from '@waybill/core';
import { backoff } from './backoff.ts';
import type { EngineLogger, LaneHold, RetryPolicy } from './engine.ts';
import { HOLDING, isRetry, OUTAGE } from './policy.ts';
import type { Sent } from '../work.ts';

/** The number of users that must fail, with no success, before an outage is assumed: a single one may have an invalid item. */
const USERS_OF_AN_OUTAGE = 3;

/** The duration after which failing items are not the cause: a few invalid ones can look like an outage for a moment. */
const LASTING = 10 * 60_000;

/** The growth of the load per step after a recovery. */
const RAMP = 8;

/** The health of the destination after a step. */
export interface Health {
  /** Whether the whole destination failed. */
  readonly failed: boolean;
  /** Whether it has been down for long. */
  readonly lasting: boolean;
  /** When it last recovered from a long outage; 0 when there was none. */
  readonly recoveredAt: number;
}

/** Protects a failing destination: while open, its lane pauses; half-open, it lets a probe through. */
export interface CircuitBreaker {
  /** Set while the circuit is open; once `until` has passed, the lane may probe. */
  current(): LaneHold | undefined;
  /** Whether sending is blocked now. */
  blocks(now: number): boolean;
  /** The number of events of a step: few until the destination has recovered. */
  room(limits: { readonly events: number; readonly probe: number }): number;
  /** Records the results of a step. */
  learn(sent: readonly Sent[], now: number): Health;
  /** Makes the next probe due at once. */
  probe(now: number): void;
  /** Resets, for example after a change of settings. */
  release(): void;
}

/** The inputs of a circuit breaker. */
export interface CircuitBreakerInput {
  readonly destination: string;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly logger: EngineLogger;
}

/** An outcome that indicates a failing destination. */
type Failure = Exclude<Outcome, { readonly status: 'delivered' }>;

/** Creates the circuit breaker of a lane. */
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
      // A 429 is normal for a limit that is shared with others.
      const level = code === 'destination_rate_limited' ? 'info' : 'warn';
      logger[level]({ destination, code, reason: message }, 'The destination fails; the lane is paused.');
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
      // Skipped items say nothing about the destination.
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
      // A 429 slows the calls down; it opens the circuit only when nothing succeeded.
      if (!known && limited === undefined && users < USERS_OF_AN_OUTAGE) return health(true, now);
      failures += 1;
      const afterMs = Math.max(
        0,
        ...failed.map(({ outcome }) => ('afterMs' in outcome ? (outcome.afterMs ?? 0) : 0)),
      );
      const wait = Math.max(
        // Half of the delay is fixed: with full jitter a probe could follow at once.
        backoff({ ...policy, maxDelay: policy.maxHold }, { attempts: failures, random: 0.5 + random() / 2 }),
        Math.min(afterMs, policy.window),
      );
      trip((limited ?? first).outcome, now, wait);
      return health(true, now);
    },
  };
}
