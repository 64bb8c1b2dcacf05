import type { ErrorCode, ResolvedSource, WebhookRequest } from '@waybill/core';
import {
  type Hinted,
  writesConsent,
  receive,
  receiveHints,
  receiveConsent,
  type Received,
} from '@waybill/ingest';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countBodies } from '../admission/bodies.ts';
import type { Admission } from '../admission/admission.ts';
import type { Throttle } from '../admission/throttle.ts';
import { MAX_BATCH_BYTES } from '../config.ts';
import { Failure, nothingAt } from '../failure.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import type { Ingest } from './start.ts';

/** The inputs of webhooks from the server. */
export interface WebhookInput {
  readonly ingest: Pick<Ingest, 'intake' | 'contextOf' | 'sources'>;
  readonly editor: WorkspaceEditor;
  readonly admission: Admission;
  /** Slows down guessing of secrets. */
  readonly guesses: Throttle;
  readonly now: () => number;
}

/**
 * The webhooks of sources: `/sources/<id>/webhook`, and consents from Iterable: `/sources/<id>/consent`. Bodies are passed on
 * as bytes, which signatures cover.
 */
export function webhookRoutes(app: FastifyInstance, input: WebhookInput): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // Before the body is read: refused requests take no memory.
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      input.admission.check();
      sourceOf(request, input);
      done();
    } catch (error) {
      done(error as Failure);
    }
  });
  countBodies(app, {
    admission: input.admission,
    senderOf: ({ ip }) => ({ address: ip }),
    now: input.now,
  });
  app.route({
    method: ['GET', 'POST', 'PUT'],
    url: '/sources/:id/webhook',
    bodyLimit: MAX_BATCH_BYTES,
    handler: (request, reply) => take(request, reply, input),
  });
  app.post('/sources/:id/consent', { bodyLimit: MAX_BATCH_BYTES }, (request) => hear(request, input));
}

function sourceOf(request: FastifyRequest, { editor }: WebhookInput): ResolvedSource {
  const { id } = request.params as { readonly id: string };
  const source = editor.resolved.sources.find((one) => one.id === id && one.enabled);
  const isConsent = request.routeOptions.url?.endsWith('/consent') === true;
  const isThere = isConsent
    ? source?.source?.shop !== undefined && writesConsent(source)
    : source?.source?.webhook !== undefined || source?.source?.shop?.hints !== undefined;
  if (source === undefined || !isThere) throw nothingAt(request);
  return source;
}

async function take(request: FastifyRequest, reply: FastifyReply, input: WebhookInput): Promise<unknown> {
  const source = sourceOf(request, input);
  const received = unlessFailed(await receivedOf(source, request, input), source, request, input);
  if ('accepted' in received)
    return { success: true, accepted: received.accepted, rejectedCount: received.refused.length };
  const { taken, answer } = received;
  if (answer === undefined) return { success: true, accepted: taken, rejectedCount: 0 };
  const { status, body, contentType = 'text/plain; charset=utf-8' } = answer;
  return reply.status(status).type(contentType).send(body);
}

/** Accepts consents from Iterable. */
async function hear(request: FastifyRequest, input: WebhookInput): Promise<unknown> {
  const source = sourceOf(request, input);
  const { intake, sources } = input.ingest;
  const take = sources.shop(source.id)?.take;
  if (take === undefined) throw new Failure('server_overloaded');
  const warn = (refused: object): void => request.log.warn(refused, 'events skipped');
  const received = await receiveConsent(source, asked(request), { take, intake, warn });
  const { taken, passedOver } = unlessFailed(received, source, request, input);
  return { success: true, accepted: taken, rejectedCount: passedOver };
}

/** Throws failures; slows down guessing. */
function unlessFailed<T extends object>(
  received: T,
  source: ResolvedSource,
  request: FastifyRequest,
  { guesses }: WebhookInput,
): Exclude<T, { readonly failure: unknown }> {
  const failure = (received as { readonly failure?: { readonly code: ErrorCode; readonly message: string } })
    .failure;
  const isGuess = failure !== undefined && GUESSES.has(failure.code);
  const wait = guesses.judge(request.ip, isGuess ? undefined : source.id);
  if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
  if (failure !== undefined) throw new Failure(failure.code, failure.message);
  return received as Exclude<T, { readonly failure: unknown }>;
}

/** Refusal codes for a wrong secret. */
const GUESSES: ReadonlySet<string> = new Set(['request_unauthorized', 'source_signature_invalid']);

function asked({ method, headers, query, body }: FastifyRequest): WebhookRequest {
  return {
    method,
    headers: textsOf(headers),
    query: textsOf(query as object),
    body: Buffer.isBuffer(body) ? body : new Uint8Array(),
  };
}

function receivedOf(
  source: ResolvedSource,
  given: FastifyRequest,
  { ingest }: WebhookInput,
): Promise<Received | Hinted> {
  const request = asked(given);
  const { intake, sources } = ingest;
  const context = ingest.contextOf(source);
  const warn = (refused: object): void => given.log.warn(refused, 'events refused');
  if (source.source!.shop === undefined) return receive(source, request, { intake, context, warn });
  // A source that was just added is not read yet: the shop retries.
  const take = sources.shop(source.id)?.take;
  if (take === undefined) throw new Failure('server_overloaded');
  return receiveHints(source, request, { intake, context, warn, take });
}

/** Returns string members; the first of repeated ones. */
function textsOf(given: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
      const one: unknown = Array.isArray(value) ? value[0] : value;
      return typeof one === 'string' ? [[name, one]] : [];
    }),
  );
}
