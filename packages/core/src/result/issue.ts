import { cut } from '../text/cut.ts';
import type { ErrorCode } from './errors.ts';

/** One problem at one place: in a payload, a mapping, a definition or a workspace. */
export interface Issue {
  readonly code: ErrorCode;
  /** JSON path of the place, for example `items[1].quantity`; empty for the whole. */
  readonly path: string;
  /** The problem, in words that a marketer understands. */
  readonly message: string;
  /** The index of the character in a trigger or template. */
  readonly offset?: number;
}

/** A value, or every problem that prevented it. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly Issue[] };

const LONGEST_ISSUE = 500;

/** Returns the first problems of many, with their messages cut: for answers and records of bounded size. */
export function shownIssues(issues: readonly Issue[], most: number): readonly Issue[] {
  return issues.slice(0, most).map((issue) => ({
    ...issue,
    path: cut(issue.path, LONGEST_ISSUE),
    message: cut(issue.message, LONGEST_ISSUE),
  }));
}
