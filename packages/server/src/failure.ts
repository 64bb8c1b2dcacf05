import { cut, errorEntry, ERRORS, type ErrorCode, type Issue, shownIssues } from '@waybill/core';

/** An expected failure of an HTTP request: thrown inside a route, converted to a body at the edge. */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;
  /** Further members of the answer, such as the conflicting versions. */
  readonly details: object;
  constructor(
    code: ErrorCode,
    message?: string,
    issues: readonly Issue[] = [],
    retryAfterSeconds?: number,
    details: object = {},
  ) {
    super(message ?? ERRORS[code].message);
    this.name = 'Failure';
    this.code = code;
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
    this.details = details;
  }
}

/** The body of every failed answer. */
export interface FailureBody {
  readonly success: false;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly issues?: readonly Issue[];
    /** The total number of problems, when `issues` has only the first. */
    readonly issueCount?: number;
  };
}

/** The maximum number of problems in an answer. */
export const ISSUES_SHOWN = 100;

const LONGEST_MESSAGE = 4_000;

/** Returns the body for a code of the registry, of bounded size. */
export function failureBody(code: ErrorCode, message: string, issues: readonly Issue[] = []): FailureBody {
  const remedy = errorEntry(code)?.remedy ?? '';
  const error = { code, message: cut(message, LONGEST_MESSAGE), remedy };
  if (issues.length === 0) return { success: false, error };
  const shown = shownIssues(issues, ISSUES_SHOWN);
  const count = shown.length < issues.length ? { issueCount: issues.length } : {};
  return { success: false, error: { ...error, issues: shown, ...count } };
}

/** Creates the failure for an unknown path. */
export function nothingAt({ method, url }: { readonly method: string; readonly url: string }): Failure {
  return new Failure('request_not_found', `There is nothing at ${method} ${cut(url.split('?')[0]!, 200)}.`);
}
