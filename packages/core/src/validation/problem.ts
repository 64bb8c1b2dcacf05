import type { PathStep } from './json.ts';

/** A problem that a checker found, not yet a message. */
export interface Problem {
  /** Its place; for a missing member that of the member. */
  readonly path: readonly PathStep[];
  readonly kind:
    'required' | 'type' | 'format' | 'choice' | 'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'unknown';
  /** The bound, for kinds that have one. */
  readonly limit?: number;
}

/** Checks a payload: undefined when it is valid. */
export type Check = (payload: unknown) => readonly Problem[];

/**
 * The maximum number of problems of one payload that are inspected: thousands of bad items need no thousands of issues.
 */
export const MAX_PROBLEMS = 100;
