import type { PathStep } from './json.ts';

/** One thing a checker found wrong, before it is put in words. */
export interface Problem {
  /** Where; for a missing member the member itself. */
  readonly path: readonly PathStep[];
  readonly kind:
    'required' | 'type' | 'format' | 'choice' | 'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'unknown';
  /** The bound, for the kinds that have one. */
  readonly limit?: number;
}

/** Decides whether a payload is valid: nothing when it is. */
export type Check = (payload: unknown) => readonly Problem[];

/** The most problems that are inspected in one payload: a list of thousands of bad lines needs no thousands of issues. */
export const MAX_PROBLEMS = 100;
