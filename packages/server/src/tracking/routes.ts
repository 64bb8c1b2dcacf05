import { EVENT_TYPES, type EventType } from '@waybill/core';
import { MAX_EVENT_BYTES } from '@waybill/ingest';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { failureOf, sendFailure } from '../answers.ts';
import { countBodies } from '../admission/bodies.ts';
import { MAX_BATCH_BYTES } from '../config.ts';
import { type Failure, nothingAt } from '../failure.ts';
import { batch } from './batch.ts';
import { readAnything } from './bodies.ts';
import { allowOrigins, isFromPage } from './cors.ts';
import { pixelRoutes } from './pixel.ts';
import { settingsRoutes } from './settings.ts';
import { recordFailure, takeOne, type TrackingInput } from './take.ts';
import { authenticate, sourceOfHead } from './write-key.ts';

/** Short paths of browser clients. */
const SHORT: Readonly<Record<string, EventType>> = {
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
};

/** The routes of Segment's tracking API, and further ones of RudderStack's clients; docs/tracking.md lists the paths. */
export function trackingRoutes(app: FastifyInstance, input: TrackingInput): void {
  allowOrigins(app);
  app.decorateRequest('source', undefined);
  // Before the body is read: refused requests take no memory.
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      if (request.method === 'POST') {
        input.admission.check();
        request.source = sourceOfHead(request, input);
      }
      done();
    } catch (error) {
      done(error as Failure);
    }
  });
  readAnything(app);
  countBodies(app, {
    admission: input.admission,
    senderOf: ({ source, ip }) => (source === undefined ? { address: ip } : { source: source.id }),
    now: input.now,
  });
  app.setErrorHandler(async (error: FastifyError | Failure, request, reply) => {
    const failure = failureOf(error, request);
    recordFailure(request, failure, input);
    return sendFailure(failure, reply);
  });

  const single = (type: EventType) => async (request: FastifyRequest) => {
    const source = authenticate(request, input);
    const given = { type, ip: request.ip, fromPage: isFromPage(request) };
    await takeOne(request.body, request, source, input, given);
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
  // Browsers send beacons without custom headers.
  app.post('/beacon/v1/batch', { bodyLimit: MAX_BATCH_BYTES }, (request) =>
    batch(request, input, (request.query as Readonly<Record<string, unknown>>)['writeKey']),
  );
  pixelRoutes(app, input);
  settingsRoutes(app, input);
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/v1/*',
    onRequest: async (request) => {
      throw nothingAt(request);
    },
    handler: async () => undefined,
  });
}
