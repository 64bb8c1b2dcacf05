import { ERRORS, type Event, type Issue } from '@waybill/core';
import type { Appended, EventLog } from '@waybill/delivery';
import type { FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission.ts';
import type { Throttle } from '../admission/throttle.ts';
import { cut, Failure, shownIssues } from '../failure.ts';
import type { Sparing } from '../logging/sparing.ts';
import type { Metrics } from '../metrics.ts';
import type { Tracing } from '../tracing.ts';
import type { Refusals } from './refusals.ts';

/** What the tracking API needs of the server. */
export interface TrackingInput {
  /** The source of a write key; undefined for an unknown or disabled one. */
  readonly sourceOf: (writeKey: string) => { readonly id: string } | undefined;
  readonly log: EventLog;
  readonly metrics: Metrics;
  readonly refusals: Refusals;
  readonly now: () => number;
  readonly admission: Admission;
  /** Slows down who guesses write keys. */
  readonly guesses: Throttle;
  /** What repeats is said now and then only. */
  readonly sparing: Sparing;
  readonly tracing: Tracing | undefined;
  /** Where clients reach this server, when that is configured. */
  readonly publicUrl: string | undefined;
  /** Called after events were made durable. */
  readonly onAccepted: () => void;
}

/** An event of a request that is not taken. */
export interface Refused {
  readonly index?: number;
  readonly body: unknown;
  readonly issues: readonly Issue[];
}

/** Resolves when the events are durable. Not an async function: that would hold the events until then. */
export function accept(input: TrackingInput, sourceId: string, events: readonly Event[]): Promise<void> {
  const began = Date.now();
  const count = events.length;
  const traced = input.tracing === undefined ? undefined : events;
  const fail = (error: unknown): never => {
    const message = error instanceof Error ? error.message : String(error);
    input.metrics.refused('server_storage_failed', count);
    const text = `The events could not be stored: ${message}`;
    throw counted(new Failure('server_storage_failed', text, [], 10));
  };
  const note = (appended: readonly Appended[]): void => {
    const fresh = appended.filter((one) => one.accepted).length;
    input.metrics.accepted(sourceId, fresh);
    if (fresh < count) input.metrics.duplicate(sourceId, count - fresh);
    if (fresh > 0) input.onAccepted();
    const ended = Date.now();
    for (const event of traced ?? []) {
      input.tracing?.span('accept', { sourceId, event }, began, ended, { received_at: event.receivedAt });
    }
  };
  return input.log.append(events.map((event) => ({ sourceId, event }))).then(note, fail);
}

/** Refusals of one request that are kept and logged: a request must not push out those of all others. */
const KEPT_OF_REQUEST = 100;
const LOGGED_OF_REQUEST = 3;
const KEPT_ISSUES = 5;

/** Records events that are not taken, and makes the failed answer for them. */
export function refuse(
  input: TrackingInput,
  request: FastifyRequest,
  sourceId: string,
  refused: readonly Refused[],
): Failure {
  const at = new Date(input.now()).toISOString();
  for (const { body, issues } of refused.slice(0, KEPT_OF_REQUEST)) {
    const messageId = messageIdOf(body);
    input.refusals.add({
      at,
      sourceId,
      path: pathOf(request),
      ...(messageId === undefined ? {} : { messageId }),
      issues: shownIssues(issues, KEPT_ISSUES),
    });
  }
  for (const { issues } of refused) input.metrics.refused(issues[0]?.code ?? 'event_invalid', 1);
  const issues = refused.flatMap((one) => one.issues);
  const first = shownIssues(issues, LOGGED_OF_REQUEST);
  const messageIds = refused.slice(0, LOGGED_OF_REQUEST).map(({ body }) => messageIdOf(body));
  input.sparing(`refused ${sourceId}`, (unsaid) => {
    request.log.warn({ sourceId, refused: refused.length, messageIds, first, unsaid }, 'events refused');
  });
  const more = issues.length > KEPT_ISSUES ? ` And ${issues.length - KEPT_ISSUES} more problems.` : '';
  const named = issues.slice(0, KEPT_ISSUES);
  const message = named.map((issue) => `${issue.path}: ${issue.message}`.replace(/^: /, '')).join(' ') + more;
  return counted(new Failure(issues[0]?.code ?? 'event_invalid', message, issues));
}

/** Counts a request that is refused as a whole, and records it unless the same request may well be taken later. */
export function recordFailure(input: TrackingInput, request: FastifyRequest, failure: Failure): void {
  if (COUNTED.has(failure)) return;
  input.metrics.refused(failure.code, 1);
  if (ERRORS[failure.code].retryable) return;
  const whole: Issue = { code: failure.code, path: '', message: failure.message };
  input.refusals.add({
    at: new Date(input.now()).toISOString(),
    path: pathOf(request),
    issues: shownIssues(failure.issues.length === 0 ? [whole] : failure.issues, KEPT_ISSUES),
  });
}

/** The pattern of the address: an address itself may have a write key in it. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '';
}

/** Failures whose events are counted already. */
const COUNTED = new WeakSet<Failure>();

function counted(failure: Failure): Failure {
  COUNTED.add(failure);
  return failure;
}

function messageIdOf(body: unknown): string | undefined {
  const messageId = (body as { messageId?: unknown } | null | undefined)?.messageId;
  return typeof messageId === 'string' ? cut(messageId, 100) : undefined;
}
