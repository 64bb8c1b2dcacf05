import { randomUUID } from 'node:crypto';
import { createGunzip, createInflate } from 'node:zlib';
import {
  EVENT_TYPES,
  MAX_EVENT_DEPTH,
  normaliseEvent,
  type Event,
  type EventType,
  type Issue,
} from '@waybill/core';
import type { Appended, EventLog } from '@waybill/delivery';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MAX_BATCH_BYTES, MAX_EVENT_BYTES } from '../config.ts';
import { Failure } from '../failure.ts';
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

/** Short paths that browser clients use. */
const SHORT: Readonly<Record<string, EventType>> = {
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
};

/** Segment's tracking API: `/v1/{identify,track,page,screen,group,alias,batch,import}`. */
export function trackingRoutes(app: FastifyInstance, input: TrackingInput): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*');
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST') return;
    // Before the body is read: what is refused here takes no memory. A body of unknown length counts as the largest.
    const packed = request.headers['content-encoding'] !== undefined;
    const length = packed ? Number.NaN : Number(request.headers['content-length']);
    const bytes = Math.min(Number.isNaN(length) ? MAX_BATCH_BYTES : length, MAX_BATCH_BYTES);
    try {
      const leave = input.door.enter(request.headers.authorization ?? request.ip, bytes);
      reply.raw.once('close', leave);
    } catch (error) {
      if (error instanceof Failure) input.metrics.refused(error.code, 1);
      throw error;
    }
  });
  app.options('/v1/*', async (_request, reply) =>
    reply
      .header('access-control-allow-methods', 'POST, OPTIONS')
      .header('access-control-allow-headers', 'authorization, content-type, content-encoding')
      .header('access-control-max-age', '86400')
      .code(204)
      .send(),
  );
  app.addHook('preParsing', async (request, _reply, payload) => inflate(request, payload));

  const single = (type: EventType) => async (request: FastifyRequest) => {
    const source = authenticate(request, input);
    const result = normaliseEvent(request.body, {
      receivedAt: input.now(),
      type,
      newMessageId: randomUUID,
    });
    if (!result.ok) throw refuse(input, request, source.id, [{ body: request.body, issues: result.issues }]);
    await accept(input, source.id, [result.value]);
    return { success: true };
  };
  for (const type of EVENT_TYPES) {
    app.post(`/v1/${type}`, { bodyLimit: MAX_EVENT_BYTES }, single(type));
  }
  for (const [path, type] of Object.entries(SHORT)) {
    app.post(`/v1/${path}`, { bodyLimit: MAX_EVENT_BYTES }, single(type));
  }
  for (const path of ['batch', 'import', 'b']) {
    app.post(`/v1/${path}`, { bodyLimit: MAX_BATCH_BYTES }, (request) => batch(request, input));
  }
}

interface Refused {
  readonly index?: number;
  readonly body: unknown;
  readonly issues: readonly Issue[];
}

/**
 * Takes a batch. Good events are taken even when others of the batch are refused: the answer is then still 200, as the
 * clients drop a whole batch on a 400, and names each refused event with its place. All refused is a 400.
 */
async function batch(request: FastifyRequest, input: TrackingInput): Promise<unknown> {
  const source = authenticate(request, input);
  const { accepted, refused, stored } = takeBatch(request, input, source.id);
  await stored;
  if (refused.length === 0) return { success: true };
  const failure = refuse(input, request, source.id, refused);
  if (accepted === 0) throw failure;
  return {
    success: true,
    accepted,
    rejected: refused.map(({ index, issues }) => ({ index, issues })),
  };
}

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
  request.body = undefined;
  const receivedAt = input.now();
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

/** Resolves when the events are durable. Not an async function: that would hold the events until then. */
function accept(input: TrackingInput, sourceId: string, events: readonly Event[]): Promise<void> {
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

function refuse(
  input: TrackingInput,
  request: FastifyRequest,
  sourceId: string,
  refused: readonly Refused[],
): Failure {
  const issues = refused.flatMap((one) => one.issues);
  for (const one of refused) {
    const messageId = (one.body as { messageId?: unknown } | null | undefined)?.messageId;
    input.refusals.add({
      at: new Date(input.now()).toISOString(),
      sourceId,
      path: request.url,
      ...(typeof messageId === 'string' ? { messageId: messageId.slice(0, 100) } : {}),
      issues: one.issues,
    });
    input.metrics.refused(one.issues[0]?.code ?? 'event_invalid', 1);
  }
  const messageIds = refused
    .slice(0, 10)
    .map((one) => (one.body as { messageId?: unknown } | null)?.messageId);
  request.log.warn({ sourceId, refused: refused.length, messageIds, first: issues[0] }, 'events refused');
  const code = issues[0]?.code ?? 'event_invalid';
  return new Failure(
    code,
    issues.map((issue) => `${issue.path}: ${issue.message}`.replace(/^: /, '')).join(' '),
    issues,
  );
}

/** The write key is the user name of basic authentication; older clients put it into the body. */
function authenticate(request: FastifyRequest, input: TrackingInput): { readonly id: string } {
  const key =
    basicUser(request.headers.authorization) ?? (request.body as { writeKey?: unknown } | null)?.writeKey;
  const source = typeof key === 'string' && key !== '' ? input.sourceOf(key) : undefined;
  if (source === undefined) {
    input.metrics.refused('request_unauthorized', 1);
    throw new Failure('request_unauthorized', 'The write key is missing or unknown.');
  }
  return source;
}

function basicUser(header: string | undefined): string | undefined {
  const match = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(header ?? '');
  if (match === null) return undefined;
  const [user] = Buffer.from(match[1]!, 'base64').toString('utf8').split(':');
  return user;
}

/** Whether an event is over the limit. A look at how much there is in it tells nearly always that it is not. */
function isTooLarge(raw: unknown): boolean {
  return mostBytes(raw, MAX_EVENT_BYTES) > MAX_EVENT_BYTES && bytesOf(raw) > MAX_EVENT_BYTES;
}

/** No fewer bytes than a value has as JSON; stops counting beyond `enough`. */
function mostBytes(value: unknown, enough: number, depth = 0): number {
  // A character takes six bytes at most, as an escape; a number no more than 25.
  if (typeof value === 'string') return 6 * value.length + 3;
  if (typeof value !== 'object' || value === null) return 26;
  // Refused later for its depth, whatever its size.
  if (depth > MAX_EVENT_DEPTH) return 0;
  let bytes = 3;
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    bytes += 6 * key.length + 4 + mostBytes(member, enough - bytes, depth + 1);
    if (bytes > enough) return bytes;
  }
  return bytes;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** Unpacks a compressed body; the body limit counts the unpacked bytes, so a small bomb is refused like a big body. */
function inflate(request: FastifyRequest, payload: NodeJS.ReadableStream): NodeJS.ReadableStream {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return payload;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new Failure('request_invalid', `The content encoding "${encoding}" is not known; use gzip.`);
  }
  delete request.headers['content-encoding'];
  delete request.headers['content-length'];
  const unpacked = encoding === 'gzip' ? createGunzip() : createInflate();
  payload.on('error', (error: Error) => unpacked.destroy(error));
  unpacked.on('error', () => undefined);
  return payload.pipe(unpacked);
}
