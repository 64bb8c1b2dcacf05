import { randomUUID } from 'node:crypto';
import { normaliseEvent, type Event, type Issue } from '@waybill/core';
import type { FastifyRequest } from 'fastify';
import { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '../config.ts';
import { ISSUES_SHOWN, shownIssues } from '../failure.ts';
import { accept, refuse, type Refused, type TrackingInput } from './intake.ts';
import { isFromPage } from './cors.ts';
import { bytesOf, isTooLarge } from './sizes.ts';
import { authenticate } from './write-key.ts';

/**
 * Takes a batch. Good events are taken even when others of the batch are refused: the answer is then still 200, as the
 * clients drop a whole batch on a 400, and names each refused event with its place. All refused is a 400.
 */
export async function batch(
  request: FastifyRequest,
  input: TrackingInput,
  writeKey?: unknown,
): Promise<unknown> {
  const source = authenticate(request, input, writeKey);
  const { accepted, refused, stored } = takeBatch(request, input, source.id);
  await stored;
  if (refused.length === 0) return { success: true };
  const failure = refuse(input, request, source.id, refused);
  if (accepted === 0) throw failure;
  return {
    success: true,
    accepted,
    rejectedCount: refused.length,
    rejected: refused
      .slice(0, ISSUES_SHOWN)
      .map(({ index, issues }) => ({ index, issues: shownIssues(issues, ISSUES_OF_EVENT) })),
  };
}

/** Problems of one event that the answer to a batch names. */
const ISSUES_OF_EVENT = 10;

/** A batch whose good events are on their way into the log. */
interface Batch {
  readonly accepted: number;
  readonly refused: readonly Refused[];
  readonly stored: Promise<void> | undefined;
}

/**
 * Sorts the events of a batch and hands the good ones over. It ends before the commit and leaves nothing behind that holds
 * the events: what is kept until the commit is copied by every collection of garbage before it.
 */
function takeBatch(request: FastifyRequest, input: TrackingInput, sourceId: string): Batch {
  const body = request.body as {
    batch?: unknown;
    sentAt?: unknown;
    context?: unknown;
    integrations?: unknown;
  } | null;
  const list = body?.batch;
  if (!Array.isArray(list)) {
    const issues: Issue[] = [
      { code: 'event_invalid', path: 'batch', message: 'batch must be a list of events.' },
    ];
    throw refuse(input, request, sourceId, [{ body, issues }]);
  }
  if (list.length > MAX_BATCH_EVENTS) {
    const message = `The batch has ${list.length} events; ${MAX_BATCH_EVENTS} are allowed.`;
    const issues: Issue[] = [{ code: 'event_batch_too_long', path: 'batch', message }];
    throw refuse(input, request, sourceId, [{ body, issues }]);
  }
  request.body = undefined;
  const receivedAt = input.now();
  const { ip } = request;
  const fromPage = isFromPage(request);
  const events: Event[] = [];
  const refused: Refused[] = [];
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const mustMeasure = length > MAX_EVENT_BYTES;
  for (const [index, raw] of list.entries()) {
    if (mustMeasure && isTooLarge(raw)) {
      const message = `The event has ${bytesOf(raw)} bytes; ${MAX_EVENT_BYTES} are allowed.`;
      refused.push({
        index,
        body: raw,
        issues: [{ code: 'event_too_large', path: `batch[${index}]`, message }],
      });
      continue;
    }
    const result = normaliseEvent(raw, {
      receivedAt,
      sentAt: body?.sentAt,
      context: body?.context,
      integrations: body?.integrations,
      ip,
      fromPage,
      newMessageId: randomUUID,
    });
    if (result.ok) events.push(result.value);
    else {
      const at = (path: string): string => `batch[${index}]${path === '' ? '' : `.${path}`}`;
      refused.push({
        index,
        body: raw,
        issues: result.issues.map((issue) => ({ ...issue, path: at(issue.path) })),
      });
    }
  }
  const stored = events.length === 0 ? undefined : accept(input, sourceId, events);
  return { accepted: events.length, refused, stored };
}
