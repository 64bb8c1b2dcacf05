import { ERRORS, type Issue } from '@waybill/core';
import type { Given, Intake, KnownOrigin, Origin, Refused, SourceName, Taken } from '@waybill/ingest';
import type { FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission.ts';
import { Failure } from '../failure.ts';

/** The inputs of the tracking API from the server. */
export interface TrackingInput {
  readonly intake: Intake;
  readonly admission: Admission;
  /** The public URL of this server, if configured. */
  readonly publicUrl: string | undefined;
  readonly now: () => number;
  /** Accepts events of the pages of a shop, by client address. */
  readonly storefront: (
    events: readonly unknown[],
    origin: KnownOrigin,
    given: Given & { readonly ip: string },
  ) => Promise<Taken>;
}

/** Accepts one event: resolves when it is durable, throws when it is refused. */
export async function takeOne(
  raw: unknown,
  request: FastifyRequest,
  source: SourceName,
  { intake }: TrackingInput,
  given: Given,
): Promise<void> {
  // The body is within the size limit of an event.
  const taken = intake.take([raw], { ...originOf(request, source), small: true }, given);
  if (taken.refused.length > 0) throw failureOfRefused(taken.refused);
  await durable(taken);
}

/** Resolves when accepted events are durable. Not async: it must not retain its input. */
export function durable({ stored }: Taken): Promise<void> {
  return stored === undefined ? Promise.resolve() : stored.catch(failStoring);
}

function failStoring(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const text = `The events could not be stored: ${message}`;
  throw recorded(new Failure('server_storage_failed', text, [], 10));
}

/** Returns the origin of the events of a request: the pattern of its path, because a URL itself may contain a write key. */
export function originOf(
  request: FastifyRequest,
  source: SourceName,
): Origin & { readonly source: SourceName } {
  const warn = (refused: object): void => request.log.warn(refused, 'events refused');
  return { source, path: request.routeOptions.url ?? '', warn };
}

/** The maximum number of issues in the message of an answer. */
const NAMED_ISSUES = 5;

/** Returns the failure for refused events, which the intake has recorded. */
export function failureOfRefused(refused: readonly Pick<Refused, 'issues'>[]): Failure {
  const issues = refused.flatMap((one) => one.issues);
  const more = issues.length > NAMED_ISSUES ? ` And ${issues.length - NAMED_ISSUES} more problems.` : '';
  const named = issues.slice(0, NAMED_ISSUES);
  const message = named.map((issue) => `${issue.path}: ${issue.message}`.replace(/^: /, '')).join(' ') + more;
  return recorded(new Failure(issues[0]?.code ?? 'event_invalid', message, issues));
}

/** Refuses a body without events. */
export function refuseBody(
  issue: Issue,
  request: FastifyRequest,
  source: SourceName,
  { intake }: TrackingInput,
): Failure {
  const refused = [{ issues: [issue] }];
  intake.refuse(refused, originOf(request, source));
  return failureOfRefused(refused);
}

/** Counts a request that is refused as a whole, and records it unless a retry may succeed. */
export function recordFailure(request: FastifyRequest, failure: Failure, { intake }: TrackingInput): void {
  if (RECORDED.has(failure)) return;
  const whole: Issue = { code: failure.code, path: '', message: failure.message };
  const issues = failure.issues.length === 0 ? [whole] : failure.issues;
  const passing = ERRORS[failure.code].retryable;
  const { source } = request;
  const whose = source === undefined ? {} : { source };
  intake.refuse([{ issues, passing }], { ...whose, path: request.routeOptions.url ?? '' });
}

/** Failures that are already counted and recorded. */
const RECORDED = new WeakSet<Failure>();

function recorded(failure: Failure): Failure {
  RECORDED.add(failure);
  return failure;
}
