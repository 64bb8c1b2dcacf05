import { errorEntry, ERRORS, type ErrorCode, type Issue } from '@waybill/core';

/** An expected failure on its way to an HTTP answer: thrown inside a route, turned into a body at the edge. */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;
  constructor(code: ErrorCode, message?: string, issues: readonly Issue[] = [], retryAfterSeconds?: number) {
    super(message ?? ERRORS[code].message);
    this.name = 'Failure';
    this.code = code;
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
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
  };
}

/** The body for a code of the registry. */
export function failureBody(code: ErrorCode, message: string, issues: readonly Issue[] = []): FailureBody {
  const remedy = errorEntry(code)?.remedy ?? '';
  const error = { code, message, remedy };
  return { success: false, error: issues.length === 0 ? error : { ...error, issues } };
}

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return ERRORS[code].status;
}
