import type { ErrorCode } from '@waybill/core';
import { backoff } from './backoff.ts';
import type { LaneHold, RetryPolicy } from './engine.ts';
import { HOLDING, OUTAGE } from './policy.ts';
import { isRetry, type Sent } from './send.ts';

/** Users that must fail, and none succeed, before an outage is assumed: a single one may have a bad item. */
const USERS_OF_AN_OUTAGE = 3;

/** Keeps a lane from hammering a destination that does not work: a circuit breaker with half-open probing. */
export interface Hold {
  /** Set while the destination is not known to work again; `until` may have passed, then the lane may probe. */
  current(): LaneHold | undefined;
  /** Whether nothing may be sent at this moment. */
  blocks(now: number): boolean;
  /** Learns from what a step has sent. Returns whether the destination failed as a whole. */
  learn(sent: readonly Sent[], now: number): boolean;
  /** Forgets everything, for example because the settings were changed. */
  release(): void;
}

/** The hold of one lane. */
export function createHold(policy: RetryPolicy, random: () => number): Hold {
  let failures = 0;
  let hold: LaneHold | undefined;
  return {
    current: () => hold,
    blocks: (now) => hold !== undefined && now < hold.until,
    release() {
      failures = 0;
      hold = undefined;
    },
    learn(sent, now) {
      const failed = sent.flatMap(({ outcome, work }) =>
        outcome.status !== 'delivered' && isRetry(outcome) && OUTAGE.has(outcome.code)
          ? [{ outcome, work }]
          : [],
      );
      const [first] = failed;
      if (first === undefined) {
        if (sent.length > 0) this.release();
        return false;
      }
      const limited = failed.filter(({ outcome }) => outcome.code === 'destination_rate_limited');
      const afterMs = Math.max(
        0,
        ...failed.map(({ outcome }) => ('afterMs' in outcome ? (outcome.afterMs ?? 0) : 0)),
      );
      const whole = failed.length === sent.length;
      const known = hold !== undefined || failed.some(({ outcome }) => HOLDING.has(outcome.code));
      const users = new Set(failed.map(({ work }) => work.orderKey)).size;
      // A single 429 slows the calls down; only when nothing got through there is a reason to stop.
      if (!whole || !(known || limited.length > 0 || users >= USERS_OF_AN_OUTAGE)) {
        if (!whole) this.release();
        return whole;
      }
      failures = whole ? failures + 1 : 1;
      const wait = Math.max(
        // Half of the wait is fixed: with full jitter a probe could follow at once.
        backoff({ ...policy, maxDelay: policy.maxHold }, { attempts: failures, random: 0.5 + random() / 2 }),
        Math.min(afterMs, policy.window),
      );
      const { code, message } = (limited[0] ?? first).outcome as { code: ErrorCode; message: string };
      hold = { code, message, since: hold?.since ?? now, until: now + wait };
      return whole;
    },
  };
}
