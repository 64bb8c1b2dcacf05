import { cut, errorEntry, ERRORS, type ErrorCode, type Issue, shownIssues } from '@waybill/core';

/** An expected failure on its way to an HTTP answer: thrown inside a route, turned into a body at the edge. */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;
  /** What else the answer says of this failure, such as the versions that meet in a conflict. */
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
    /** How many problems there are, when `issues` has only the first of them. */
    readonly issueCount?: number;
  };
}

/** Problems that an answer names one by one. */
export const ISSUES_SHOWN = 100;

const LONGEST_MESSAGE = 4_000;

/** The body for a code of the registry. Its size is bounded, however much is wrong with a request. */
export function failureBody(code: ErrorCode, message: string, issues: readonly Issue[] = []): FailureBody {
  const remedy = errorEntry(code)?.remedy ?? '';
  const error = { code, message: cut(message, LONGEST_MESSAGE), remedy };
  if (issues.length === 0) return { success: false, error };
  const shown = shownIssues(issues, ISSUES_SHOWN);
  const count = shown.length < issues.length ? { issueCount: issues.length } : {};
  return { success: false, error: { ...error, issues: shown, ...count } };
}

/** That an address leads nowhere. */
export function nothingAt({ method, url }: { readonly method: string; readonly url: string }): Failure {
  return new Failure('request_not_found', `There is nothing at ${method} ${cut(url.split('?')[0]!, 200)}.`);
}
