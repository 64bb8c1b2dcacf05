import { EVENT_TYPES, type EventType } from '@waybill/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failureOf } from '../answers.ts';
import type { Failure } from '../failure.ts';
import { jsonOfData, jsonReader } from './bodies.ts';
import { recordFailure, refuseBody, takeOne, type TrackingInput } from './take.ts';
import { authenticate } from './write-key.ts';

/** The smallest picture there is: one transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The maximum number of dot-separated names in a parameter. */
const MAX_NAMES = 10;

type Query = Readonly<Record<string, string | readonly string[]>>;

/**
 * The pixel routes, for e-mail and pages without scripts. The answer is always a picture, because a broken one would be
 * visible; refusals are recorded.
 */
export function pixelRoutes(app: FastifyInstance, input: TrackingInput): void {
  const options = {
    // E-mail scanners send HEAD; the picture was not viewed then.
    exposeHeadRoute: false,
    errorHandler(error: FastifyError | Failure, request: FastifyRequest, reply: FastifyReply): void {
      recordFailure(request, failureOf(error, request), input);
      sendPixel(reply);
    },
  };
  const read = jsonReader(app, 'remove');
  const eventOf = (request: FastifyRequest): unknown => {
    const query = request.query as Query;
    const data = query['data'];
    return typeof data === 'string' ? read(request, jsonOfData(data)) : eventOfQuery(query);
  };
  const take = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // A URL is limited by the size of headers: it needs no reservation.
    input.admission.check();
    await takePixel(request, input, eventOf(request));
    return sendPixel(reply);
  };
  for (const path of ['/v1/pixel/:method', '/pixel/v1/:method']) app.get(path, options, take);
}

function sendPixel(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').type('image/gif').send(PIXEL);
}

async function takePixel(request: FastifyRequest, input: TrackingInput, raw: unknown): Promise<void> {
  const query = request.query as Query;
  const ownKey = (raw as { writeKey?: unknown } | null)?.writeKey;
  const source = authenticate(request, input, query['writeKey'] ?? ownKey);
  const { method } = request.params as { readonly method: string };
  if (!EVENT_TYPES.includes(method as EventType)) {
    const message = `The address must end with one of ${EVENT_TYPES.join(', ')}.`;
    throw refuseBody({ code: 'event_invalid', path: 'type', message }, request, source, input);
  }
  const given = { type: method as EventType, ip: request.ip, fromPage: true };
  await takeOne(raw, request, source, input, given);
}

/** Builds an event from query parameters, in which dots lead into objects: `properties.price=5`. */
function eventOfQuery(query: Query): unknown {
  const event: Record<string, unknown> = {};
  for (const [parameter, value] of Object.entries(query)) {
    const names = parameter.split('.');
    if (
      parameter !== 'writeKey' &&
      names.length <= MAX_NAMES &&
      !names.some((name) => name in Object.prototype)
    ) {
      put(event, names, value);
    }
  }
  return event;
}

function put(target: Record<string, unknown>, [name, ...inner]: readonly string[], value: unknown): void {
  if (inner.length === 0) {
    target[name!] = value;
    return;
  }
  const member = target[name!];
  const next = typeof member === 'object' && member !== null && !Array.isArray(member) ? member : {};
  target[name!] = next;
  put(next as Record<string, unknown>, inner, value);
}
