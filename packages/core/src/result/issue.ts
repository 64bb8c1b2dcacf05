import { cut } from '../text/cut.ts';
import type { ErrorCode } from './errors.ts';

/** One problem with one place: in a payload, a mapping, a definition or a workspace. */
export interface Issue {
  readonly code: ErrorCode;
  /** JSON path of the place, for example `items[1].quantity`; empty for the whole. */
  readonly path: string;
  /** What is wrong there, in words a marketer understands. */
  readonly message: string;
  /** The guilty character within the text at the place: of a trigger or template. */
  readonly offset?: number;
}

/** A value, or every problem that kept it from being made. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly Issue[] };

const LONGEST_ISSUE = 500;

/** The first problems of many, with their texts cut: for an answer or a record that must not grow. */
export function shownIssues(issues: readonly Issue[], most: number): readonly Issue[] {
  return issues.slice(0, most).map((issue) => ({
    ...issue,
    path: cut(issue.path, LONGEST_ISSUE),
    message: cut(issue.message, LONGEST_ISSUE),
  }));
}
