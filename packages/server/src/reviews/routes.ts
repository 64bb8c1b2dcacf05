import type { Issue } from '@waybill/core';
import { type Review, REVIEW_PROCESSOR } from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countBodies } from '../admission/bodies.ts';
import type { Admission } from '../admission/admission.ts';
import type { Throttle } from '../admission/throttle.ts';
import { Failure, nothingAt } from '../failure.ts';
import type { Ingest } from '../ingest/start.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';

/** The inputs of reviews from the server. */
export interface ReviewRoutesInput {
  readonly ingest: Pick<Ingest, 'reviews'>;
  readonly editor: WorkspaceEditor;
  readonly admission: Admission;
  /** Slows down guessing of links. */
  readonly guesses: Throttle;
  readonly now: () => number;
}

const LARGEST = 32 * 1024;
const LONGEST = { title: 200, body: 5_000 } as const;

/**
 * Routes of reviews by signed links: `/reviews/<processor>` returns the product of a link, and accepts the review. Any origin
 * is allowed: only the link matters.
 */
export function reviewRoutes(app: FastifyInstance, input: ReviewRoutesInput): void {
  const { admission, now } = input;
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store');
    try {
      if (request.method === 'POST') admission.check();
      if (request.method !== 'OPTIONS') processorOf(request, input);
      done();
    } catch (error) {
      done(error as Failure);
    }
  });
  countBodies(app, { admission, senderOf: ({ ip }) => ({ address: ip }), now });
  app.options('/reviews/:id', async (_request, reply) =>
    reply
      .header('access-control-allow-methods', 'GET, POST, OPTIONS')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '86400')
      .code(204)
      .send(),
  );
  app.get('/reviews/:id', async (request) => {
    const { token } = request.query as { readonly token?: unknown };
    const processor = processorOf(request, input);
    const link = unlessFailed(await input.ingest.reviews.look(processor, textOf(token)), request, input);
    return { success: true, ...shown(link) };
  });
  app.post('/reviews/:id', { bodyLimit: LARGEST }, async (request) => {
    const { token, ...given } = membersOf(request.body);
    const processor = processorOf(request, input);
    const path = '/reviews/:id';
    const { reviews } = input.ingest;
    // Nothing is revealed without a valid link.
    unlessFailed(await reviews.look(processor, textOf(token)), request, input);
    const taken = await reviews.take(processor, textOf(token), reviewOf(given), { path });
    return { success: true, ...shown(unlessFailed(taken, request, input)) };
  });
}

function processorOf(request: FastifyRequest, { editor }: ReviewRoutesInput): string {
  const { id } = request.params as { readonly id: string };
  const found = editor.resolved.processors.find((one) => one.id === id && one.enabled);
  if (found?.processor.slug !== REVIEW_PROCESSOR) throw nothingAt(request);
  return id;
}

/** Throws failures; slows down guessing. */
function unlessFailed<T extends object>(
  given: T,
  request: FastifyRequest,
  { guesses }: ReviewRoutesInput,
): Exclude<T, { readonly failure: unknown }> {
  const { failure } = given as {
    readonly failure?: { readonly code: Failure['code']; readonly message?: string };
  };
  const isGuess = failure?.code === 'review_link_invalid';
  const wait = guesses.judge(request.ip, isGuess ? undefined : 'reviews');
  if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
  if (failure !== undefined) throw new Failure(failure.code, failure.message);
  return given as Exclude<T, { readonly failure: unknown }>;
}

/** What a page receives about a link, without the person. */
function shown(link: {
  readonly orderId: string;
  readonly productId: string;
  readonly expiresAt: number;
}): object {
  return {
    orderId: link.orderId,
    productId: link.productId,
    expiresAt: new Date(link.expiresAt).toISOString(),
  };
}

function reviewOf({ rating, title, body, ...others }: Readonly<Record<string, unknown>>): Review {
  const issues: Issue[] = [];
  const wrong = (path: string, message: string): void =>
    void issues.push({ code: 'review_invalid', path, message });
  if (!Number.isInteger(rating) || Number(rating) < 1 || Number(rating) > 5)
    wrong('rating', 'The rating must be a whole number from 1 to 5.');
  const texts = { title, body };
  for (const [name, value] of Object.entries(texts)) {
    const most = LONGEST[name as keyof typeof LONGEST];
    if (value !== undefined && (typeof value !== 'string' || value.length > most))
      wrong(name, `It must be a string of at most ${most} characters.`);
  }
  for (const name of Object.keys(others)) wrong(name, 'A review has no such member.');
  if (issues.length > 0)
    throw new Failure(
      'review_invalid',
      issues.map(({ path, message }) => `${path}: ${message}`).join(' '),
      issues,
    );
  return {
    rating: rating as number,
    ...(title === undefined ? {} : { title: title as string }),
    ...(body === undefined ? {} : { body: body as string }),
  };
}

function membersOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Failure('review_invalid', 'The body is a JSON object.');
  return body as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
