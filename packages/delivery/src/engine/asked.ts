import { createRequest, type RecordedRequest } from '../request/request.ts';
import { type Compiled, gateOf } from './compile.ts';
import type { LaneShared } from './lane-shared.ts';

/** The longest that a call waits for its turn while a person waits for it, in milliseconds. */
const PATIENCE = 5_000;

/**
 * The requests of what a person asks for beside the lane: tests, choices, deletions. Their calls take turns with those that the
 * lanes of the same account make, so that together they stay within its limits; one whose turn is far is refused, and told when
 * it would come. Calls that wait are not made any more once the signal says so.
 */
export function askedRequest(compiled: Compiled, shared: LaneShared, signal?: AbortSignal): RecordedRequest {
  const { transport, now, limits } = shared;
  const gate = gateOf(compiled, shared);
  return createRequest({
    transport,
    redactor: compiled.redactor,
    now,
    timeoutMs: limits.timeout,
    turn: (call) => gate.take(call, signal, PATIENCE),
  });
}
