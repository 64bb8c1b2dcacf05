import type { ErrorCode, Outcome } from '@waybill/core';
import type { LaneLimits, ReasonPolicy, RetryPolicy } from './engine.ts';

/** The default retry policy: after 1 s, 2 s, 4 s … 10 min, for 4 h. Reasons can override it. */
export const RETRY_POLICY: RetryPolicy = {
  firstDelay: 1_000,
  factor: 2,
  maxDelay: 10 * 60_000,
  window: 4 * 60 * 60_000,
  outageWindow: 3 * 24 * 60 * 60_000,
  maxHold: 30_000,
  reasons: {
    // More attempts would only repeat the failure.
    destination_bug: { maxAttempts: 5 },
    // An item may be the cause: it must not crash the process forever.
    destination_process_failed: { firstDelay: 2_000, maxAttempts: 20 },
    // The governor spreads the calls; the item need not wait long.
    destination_rate_limited: { firstDelay: 2_000, maxDelay: 2 * 60_000 },
    // A call that timed out has already cost the destination half a minute of work.
    destination_timeout: { firstDelay: 5_000 },
  },
};

/** Returns the policy for one reason. */
export function policyFor(policy: RetryPolicy, code: ErrorCode): RetryPolicy & ReasonPolicy {
  return { ...policy, ...policy.reasons[code] };
}

/** The default limits of a lane. */
export const LANE_LIMITS: LaneLimits = {
  events: 2_000,
  bytes: 8 * 1024 * 1024,
  calls: 16,
  probe: 1,
  parkedUsers: 10_000,
  depth: 16,
  exchanges: 100,
  timeout: 30_000,
  patience: 1_000,
};

/**
 * Refusals that do not depend on the item: all others would be refused too, until the configuration is fixed. The lane pauses
 * instead of turning a whole backlog into dead letters.
 */
export const HOLDING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'destination_unauthorized',
  'destination_address_forbidden',
]);

/** Failures of the destination as a whole. */
export const OUTAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...HOLDING,
  'destination_rate_limited',
  'destination_unavailable',
  'destination_timeout',
  'destination_unreachable',
  'destination_process_failed',
  'destination_process_down',
]);

/** Whether an outcome means that the item is retried. */
export function isRetry(outcome: Outcome): boolean {
  return outcome.status === 'retry' || (outcome.status === 'rejected' && HOLDING.has(outcome.code));
}
