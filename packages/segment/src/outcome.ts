import {
  codeOfStatus,
  type ErrorCode,
  ERRORS,
  failed,
  type Outcome,
  rejected,
  retry,
  retryAfter,
} from '@waybill/core';
import type { Session } from './request/session.ts';
import type { MultiStatus, UpstreamResponse } from './upstream/types.ts';

/** The result of running a definition's code: an outcome for all its items, or one for each. */
export type Result = { readonly all: Outcome } | { readonly each: readonly Outcome[] };

const DONE: Outcome = { status: 'delivered' };

/** The maximum length of an excerpt of an answer in a message. */
const EXCERPT = 500;

/** Returns the outcome of a status, with the destination's message. */
function outcomeOf(status: number, message: string, afterMs?: number): Outcome {
  // An unfollowed redirect is no more likely to succeed later than any refusal.
  const code = status < 400 ? 'destination_rejected' : codeOfStatus(status);
  return outcomeFor(code, message, afterMs);
}

function outcomeFor(code: ErrorCode, message: string, afterMs?: number): Outcome {
  return failed(code, message === '' ? ERRORS[code].message : message, { afterMs });
}

/**
 * Returns the outcome of an exception. Identified by members, never by class: several copies of the framework may be loaded,
 * and definitions throw their own errors.
 */
export function outcomeOfError(error: unknown, session: Session, now: number): Outcome {
  return withHistory(classify(error, session, now), session);
}

function classify(error: unknown, session: Session, now: number): Outcome {
  const members = membersOf(error);
  const response = members['response'];
  if (isResponse(response)) return outcomeOfResponse(response, now);
  // A definition may have wrapped the connection failure.
  if (session.failure !== undefined) return outcomeFor(session.failure.code, session.failure.message);
  const message = messageOf(error, members);
  const { code, name } = members;
  if (code === 'ETIMEDOUT') return retry('destination_timeout', message);
  if (code === 'RETRYABLE_ERROR') {
    const code = codeOfStatus(Number(members['status']));
    return retry(ERRORS[code].retryable ? code : 'destination_unavailable', message);
  }
  if (name === 'AggregateAjvError' || name === 'ValidationError') {
    return rejected('destination_rejected', message);
  }
  const status = Number(members['status'] ?? membersOf(response)['status']);
  if (status >= 300) return outcomeOf(status, message);
  // No status: the cause is unknown, so the code has failed.
  return retry('destination_bug', message);
}

/** Returns the outcome of an answer that was returned or thrown; undefined means success. */
function outcomeOfResponse(response: UpstreamResponse, now: number): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) return DONE;
  const text = response.content ?? (typeof response.data === 'string' ? response.data : '');
  const excerpt = text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
  const answer = `The destination answered ${status}${response.statusText ? ` ${response.statusText}` : ''}`;
  const words = excerpt === '' ? `${answer}.` : `${answer}: ${excerpt}`;
  return outcomeOf(status, words, retryAfter(response.headers.get('retry-after') ?? undefined, now));
}

/**
 * Returns the result of a return value of a definition. An unspecific value counts as success, because most definitions throw
 * otherwise; a returned failed answer never does.
 */
export function resultOfValue(value: unknown, count: number, session: Session, now: number): Result {
  if (isMultiStatus(value)) {
    return { each: Array.from({ length: count }, (_, index) => outcomeOfEntry(value, index)) };
  }
  if (isResponse(value)) return { all: withHistory(outcomeOfResponse(value, now), session) };
  // Some return the error instead of throwing it.
  const { response } = membersOf(value);
  if (value instanceof Error && isResponse(response)) return { all: outcomeOfError(value, session, now) };
  return { all: DONE };
}

function outcomeOfEntry(answers: MultiStatus, index: number): Outcome {
  const entry = answers.getResponseAtIndex(index);
  if (entry === undefined) return retry('destination_result_unknown');
  const members = membersOf(entry.value());
  const status = Number(members['status']);
  if (!(status >= 100)) return retry('destination_result_unknown');
  if (status < 300) return DONE;
  const message = members['errormessage'] ?? members['errortype'] ?? textOf(members['body']);
  return outcomeOf(status, typeof message === 'string' ? message : '');
}

/** Prefixes a failure with earlier calls: definitions with several calls repeat all of them at the next attempt. */
function withHistory(outcome: Outcome, { changes }: Session): Outcome {
  if (changes === 0 || outcome.status === 'delivered' || outcome.status === 'skipped') return outcome;
  const calls = changes === 1 ? '1 call' : `${changes} calls`;
  const again = outcome.status === 'retry' ? ' and will be repeated' : '';
  return { ...outcome, message: `${outcome.message} (${calls} succeeded before this failure${again}.)` };
}

/** Whether items of a refused batch may be accepted when sent one by one. */
export function isSplittable(outcome: Outcome): boolean {
  return (
    outcome.status === 'rejected' &&
    !['destination_unauthorized', 'destination_forbidden', 'destination_address_forbidden'].includes(
      outcome.code,
    )
  );
}

/** Whether a value is an answer of the framework's client. */
export function isResponse(value: unknown): value is UpstreamResponse {
  const { status, headers } = membersOf(value);
  return typeof status === 'number' && typeof (headers as { get?: unknown } | undefined)?.get === 'function';
}

function isMultiStatus(value: unknown): value is MultiStatus {
  const { getResponseAtIndex, length } = membersOf(value);
  return typeof getResponseAtIndex === 'function' && typeof length === 'function';
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function messageOf(error: unknown, members: Readonly<Record<string, unknown>>): string {
  const { message, code } = members;
  if (typeof message === 'string' && message !== '') return message;
  if (typeof code === 'string' && code !== '') return code;
  return error instanceof Error ? error.name : textOf(error);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '').slice(0, EXCERPT);
}
