import type { HttpFailure, Request } from '@waybill/core';

/** The HTTP calls of one run of a definition's code. */
export interface Session {
  readonly request: Request;
  /** Numbers of the exchanges, for outcomes to refer to. */
  readonly exchanges: number[];
  /** The number of successful calls that may have changed something. */
  changes: number;
  /** Why the last call had no answer; undefined when it had one. */
  failure: HttpFailure | undefined;
}

/** Creates an empty session. */
export function newSession(request: Request): Session {
  return { request, exchanges: [], changes: 0, failure: undefined };
}
