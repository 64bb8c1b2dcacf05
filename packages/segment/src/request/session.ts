import type { HttpFailure, Request } from '@waybill/core';

/** What one run of a definition's code did over HTTP. */
export interface Session {
  readonly request: Request;
  /** Numbers of the exchanges, for outcomes to refer to. */
  readonly exchanges: number[];
  /** Calls that may have changed something and were answered with success. */
  changes: number;
  /** Why the last call had no answer; undefined when it had one. */
  failure: HttpFailure | undefined;
}

/** A session that nothing has happened in. */
export function newSession(request: Request): Session {
  return { request, exchanges: [], changes: 0, failure: undefined };
}
