import { createRequest, type RecordedRequest } from '../request/request.ts';
import { type Compiled, gateOf } from './compile.ts';
import type { LaneShared } from './lane-shared.ts';

/** The maximum wait of a call for its turn while a person waits for it, in milliseconds. */
const PATIENCE = 5_000;

/**
 * The requests of interactive actions outside of the lane: tests, choices, deletions. Their calls share the rate limits with
 * the lanes of the same account; a call whose turn is far away is refused, with the time of its turn. Waiting calls are dropped
 * when the signal is aborted.
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
