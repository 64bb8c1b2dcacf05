import type { RetryPolicy } from './engine.ts';

/** What the wait before the next attempt depends on. */
export interface BackoffInput {
  /** Attempts made so far, 1 or more. */
  readonly attempts: number;
  /** 0 <= x < 1. */
  readonly random: number;
  /** The destination's own wish, in milliseconds. */
  readonly afterMs?: number | undefined;
}

/** Limits are often counted by the minute: what returns after a wish is spread over up to one. */
const SPREAD = 60_000;

/**
 * Milliseconds to wait: exponential with full jitter, so that items that failed together do not return together. A
 * wish of the destination is the least, with a spread after it, and never longer than the window.
 */
export function backoff(
  policy: Pick<RetryPolicy, 'firstDelay' | 'factor' | 'maxDelay' | 'window'>,
  input: BackoffInput,
): number {
  const { attempts, random, afterMs = 0 } = input;
  const ceiling = Math.min(policy.maxDelay, policy.firstDelay * policy.factor ** (attempts - 1));
  const wait = Math.round(random * ceiling);
  if (!(afterMs > 0)) return wait;
  return Math.min(Math.round(afterMs) + Math.round(random * Math.min(SPREAD, ceiling)), policy.window);
}
