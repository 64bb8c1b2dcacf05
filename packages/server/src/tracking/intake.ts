import type { Event, Issue } from '@waybill/core';
import type { Appended, EventLog } from '@waybill/delivery';
import type { FastifyRequest } from 'fastify';
import { cut, Failure, shownIssues } from '../failure.ts';
import type { Metrics } from '../metrics.ts';
import type { Tracing } from '../tracing.ts';
import type { Door } from './door.ts';
import type { Refusals } from './refusals.ts';

/** What the tracking API needs of the server. */
export interface TrackingInput {
  /** The source of a write key; undefined for an unknown or disabled one. */
  readonly sourceOf: (writeKey: string) => { readonly id: string } | undefined;
  readonly log: EventLog;
  readonly metrics: Metrics;
  readonly refusals: Refusals;
  readonly now: () => number;
  readonly door: Door;
  readonly tracing: Tracing | undefined;
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
    throw new Failure('server_storage_failed', `The events could not be stored: ${message}`, [], 10);
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
const LONGEST_PATH = 200;

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
      path: cut(request.url, LONGEST_PATH),
      ...(messageId === undefined ? {} : { messageId }),
      issues: shownIssues(issues, KEPT_ISSUES),
    });
  }
  for (const { issues } of refused) input.metrics.refused(issues[0]?.code ?? 'event_invalid', 1);
  const issues = refused.flatMap((one) => one.issues);
  const first = shownIssues(issues, LOGGED_OF_REQUEST);
  const messageIds = refused.slice(0, LOGGED_OF_REQUEST).map(({ body }) => messageIdOf(body));
  request.log.warn({ sourceId, refused: refused.length, messageIds, first }, 'events refused');
  const more = issues.length > KEPT_ISSUES ? ` And ${issues.length - KEPT_ISSUES} more problems.` : '';
  const named = issues.slice(0, KEPT_ISSUES);
  return new Failure(
    issues[0]?.code ?? 'event_invalid',
    named.map((issue) => `${issue.path}: ${issue.message}`.replace(/^: /, '')).join(' ') + more,
    issues,
  );
}

function messageIdOf(body: unknown): string | undefined {
  const messageId = (body as { messageId?: unknown } | null | undefined)?.messageId;
  return typeof messageId === 'string' ? cut(messageId, 100) : undefined;
}
