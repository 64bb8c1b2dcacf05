import type { ErrorCode } from '@waybill/core';
import type { LaneLimits, RetryPolicy } from './engine.ts';

/** When to try again, unless configured otherwise: after 1 s, 2 s, 4 s … 10 min, for 4 h. */
export const RETRY_POLICY: RetryPolicy = {
  firstDelay: 1_000,
  factor: 2,
  maxDelay: 10 * 60_000,
  window: 4 * 60 * 60_000,
  maxHold: 30_000,
};

/** How much a lane takes on at once, unless configured otherwise. */
export const LANE_LIMITS: LaneLimits = {
  events: 2_000,
  bytes: 8 * 1024 * 1024,
  calls: 16,
  probe: 100,
  parkedUsers: 10_000,
  depth: 16,
  exchanges: 100,
  timeout: 30_000,
  patience: 1_000,
};

/** Attempts after which an item is a dead letter, whatever the window: trying longer would only repeat the failure. */
export const MAX_ATTEMPTS: Readonly<Partial<Record<ErrorCode, number>>> = { destination_bug: 5 };

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
]);
