import type { ResolvedSource } from '@waybill/core';
import { receive } from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countBodies } from '../admission/bodies.ts';
import type { Admission } from '../admission/admission.ts';
import type { Throttle } from '../admission/throttle.ts';
import { MAX_BATCH_BYTES } from '../config.ts';
import { Failure, nothingAt } from '../failure.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import type { Ingest } from './start.ts';

/** What webhooks need of the server. */
export interface WebhookInput {
  readonly ingest: Pick<Ingest, 'intake' | 'contextOf'>;
  readonly editor: WorkspaceEditor;
  readonly admission: Admission;
  /** Slows down who guesses secrets. */
  readonly guesses: Throttle;
  readonly now: () => number;
}

/** The webhooks of sources: `/sources/<id>/webhook`. Bodies are handed on as bytes, as signatures are made of those. */
export function webhookRoutes(app: FastifyInstance, input: WebhookInput): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // Before the body is read: what is refused here takes no memory.
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
    handler: (request) => take(request, input),
  });
}

function sourceOf(request: FastifyRequest, { editor }: WebhookInput): ResolvedSource {
  const { id } = request.params as { readonly id: string };
  const source = editor.resolved.sources.find((one) => one.id === id && one.enabled);
  if (source?.source?.webhook === undefined) throw nothingAt(request);
  return source;
}

async function take(request: FastifyRequest, input: WebhookInput): Promise<unknown> {
  const { ingest, guesses } = input;
  const source = sourceOf(request, input);
  const { method, headers, query, body } = request;
  const received = await receive(
    source,
    {
      method,
      headers: textsOf(headers),
      query: textsOf(query as object),
      body: Buffer.isBuffer(body) ? body : new Uint8Array(),
    },
    {
      intake: ingest.intake,
      context: ingest.contextOf(source),
      warn: (refused) => request.log.warn(refused, 'events refused'),
    },
  );
  const isGuess = 'failure' in received && received.failure.code === 'request_unauthorized';
  const wait = guesses.judge(request.ip, isGuess ? undefined : source.id);
  if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
  if ('failure' in received) throw new Failure(received.failure.code, received.failure.message);
  const { accepted, refused } = received;
  return { success: true, accepted, rejectedCount: refused.length };
}

/** Members that are text; of those given more than once the first. */
function textsOf(given: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
      const one: unknown = Array.isArray(value) ? value[0] : value;
      return typeof one === 'string' ? [[name, one]] : [];
    }),
  );
}
