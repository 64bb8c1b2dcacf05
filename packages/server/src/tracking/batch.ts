import { shownIssues } from '@waybill/core';
import { MAX_BATCH_EVENTS, MAX_EVENT_BYTES, type SourceName, type Taken } from '@waybill/ingest';
import type { FastifyRequest } from 'fastify';
import { ISSUES_SHOWN } from '../failure.ts';
import { isFromPage } from './cors.ts';
import { durable, failureOfRefused, originOf, refuseBody, type TrackingInput } from './take.ts';
import { authenticateAny } from './write-key.ts';

/**
 * Accepts a batch. Valid events are accepted even when others are refused: the answer is then 200, because clients drop a whole
 * batch on a 400, and names each refused event with its index. If all are refused it is a 400.
 */
export async function batch(
  request: FastifyRequest,
  input: TrackingInput,
  writeKey?: unknown,
): Promise<unknown> {
  const source = authenticateAny(request, input, writeKey);
  const taken = await takeBatch(request, input, source);
  await durable(taken);
  const { accepted, refused } = taken;
  if (refused.length === 0) return { success: true };
  if (accepted === 0) throw failureOfRefused(refused);
  return {
    success: true,
    accepted,
    rejectedCount: refused.length,
    rejected: refused
      .slice(0, ISSUES_SHOWN)
      .map(({ index, issues }) => ({ index, issues: shownIssues(issues, ISSUES_OF_EVENT) })),
  };
}

/** The maximum number of problems per event in the answer to a batch. */
const ISSUES_OF_EVENT = 10;

/** Passes the events of a batch to the intake. Returns before the commit and retains no reference to them. */
function takeBatch(
  request: FastifyRequest,
  input: TrackingInput,
  source: SourceName,
): Taken | Promise<Taken> {
  const body = request.body as {
    batch?: unknown;
    sentAt?: unknown;
    context?: unknown;
    integrations?: unknown;
  } | null;
  // Neither a pending commit nor an unsent answer retains the events.
  request.body = undefined;
  const list = body?.batch;
  if (!Array.isArray(list)) {
    const message = 'batch must be a list of events.';
    throw refuseBody({ code: 'event_invalid', path: 'batch', message }, request, source, input);
  }
  if (list.length > MAX_BATCH_EVENTS) {
    const message = `The batch has ${list.length} events; the maximum is ${MAX_BATCH_EVENTS}.`;
    throw refuseBody({ code: 'event_batch_too_long', path: 'batch', message }, request, source, input);
  }
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const origin = { ...originOf(request, source), list: 'batch', small: length <= MAX_EVENT_BYTES };
  const given = { sentAt: body?.sentAt, ip: request.ip, fromPage: isFromPage(request) };
  if (source.storefront === true) return input.storefront(list, origin, given);
  return input.intake.take(list, origin, {
    ...given,
    context: body?.context,
    integrations: body?.integrations,
  });
}
