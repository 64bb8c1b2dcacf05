import type { ErrorCode, Outcome } from '@waybill/core';
import type { LaneLimits, ReasonPolicy, RetryPolicy } from './engine.ts';

/** When to try again, unless configured otherwise: after 1 s, 2 s, 4 s … 10 min, for 4 h. Each reason can differ. */
export const RETRY_POLICY: RetryPolicy = {
  firstDelay: 1_000,
  factor: 2,
  maxDelay: 10 * 60_000,
  window: 4 * 60 * 60_000,
  outageWindow: 3 * 24 * 60 * 60_000,
  maxHold: 30_000,
  reasons: {
    // Trying longer would only repeat the failure.
    destination_bug: { maxAttempts: 5 },
    // An item may be the cause: it must not end the process for ever.
    destination_process_failed: { firstDelay: 2_000, maxAttempts: 20 },
    // The governor spreads the calls; the item need not wait for long.
    destination_rate_limited: { firstDelay: 2_000, maxDelay: 2 * 60_000 },
    // A call that timed out has cost the destination half a minute of work already.
    destination_timeout: { firstDelay: 5_000 },
  },
};

/** The policy for one reason. */
export function policyFor(policy: RetryPolicy, code: ErrorCode): RetryPolicy & ReasonPolicy {
  return { ...policy, ...policy.reasons[code] };
}

/** How much a lane takes on at once, unless configured otherwise. */
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
 * Refusals that say nothing of the item: every other one would be refused too, until a person has changed something.
 * The lane keeps its place instead of making dead letters of a whole backlog.
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

/** Whether an outcome means that the item is tried again. */
export function isRetry(outcome: Outcome): boolean {
  return outcome.status === 'retry' || (outcome.status === 'rejected' && HOLDING.has(outcome.code));
}
