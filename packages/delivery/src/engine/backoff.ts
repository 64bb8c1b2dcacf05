import type { RetryPolicy } from './engine.ts';

/** The inputs of the delay before the next attempt. */
export interface BackoffInput {
  /** Attempts made so far, 1 or more. */
  readonly attempts: number;
  /** 0 <= x < 1. */
  readonly random: number;
  /** The delay that the destination asks for, in milliseconds. */
  readonly afterMs?: number | undefined;
}

/** Limits are often per minute: items that return after a requested delay are spread over up to one. */
const SPREAD = 60_000;

/**
 * Returns the delay in milliseconds: exponential with full jitter, so that items that failed together do not return together. A
 * delay that the destination asks for is the minimum, with a spread after it, and at most the window.
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
