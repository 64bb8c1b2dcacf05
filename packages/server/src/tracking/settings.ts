import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { TrackingInput } from './take.ts';
import { authenticate } from './write-key.ts';

/** A host as browsers name it, with its port. */
const HOST = /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]{2,45}\])(?::\d{1,5})?$/;

/** Clients ask at every page; the answer seldom changes. */
const CACHE = 'private, max-age=60';

/**
 * What clients in web pages ask for before they send: Segment's `AnalyticsBrowser` at its CDN, RudderStack's SDK at its
 * control plane. Answering it here lets both work by the address of this server alone.
 */
export function settingsRoutes(app: FastifyInstance, input: TrackingInput): void {
  app.get('/v1/projects/:writeKey/settings', async (request, reply) => {
    const { writeKey } = request.params as { readonly writeKey: string };
    authenticate(request, input, writeKey);
    return reply.header('cache-control', CACHE).send(segmentSettings(writeKey, addressOf(request, input)));
  });
  app.get('/sourceConfig', async (request, reply) => {
    const query = request.query as Readonly<Record<string, unknown>>;
    // The SDK looks by this whether something in the browser blocks the address.
    if (query['view'] === 'ad') return {};
    const source = authenticate(request, input, query['writeKey']);
    return reply.header('cache-control', CACHE).send(rudderSettings(source.id));
  });
  // Figures that clients keep about themselves: answered without being read, as a refusal would be tried again.
  for (const path of ['/v1/m', '/rsaMetrics']) {
    const answer = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      reply.send({ success: true });
    app.post(path, { onRequest: answer }, answer);
  }
}

/** Where clients reach this server: as configured, else as they have reached it this time. */
function addressOf(request: FastifyRequest, input: TrackingInput): URL {
  if (input.publicUrl !== undefined) return new URL(input.publicUrl);
  if (!HOST.test(request.host)) throw new Failure('request_invalid', 'The request names no usable host.');
  return new URL(`${request.protocol}://${request.host}`);
}

function segmentSettings(writeKey: string, address: URL): object {
  const apiHost = `${address.host}${address.pathname.replace(/\/+$/, '')}/v1`;
  const protocol = address.protocol.slice(0, -1);
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost,
        protocol,
        unbundledIntegrations: [],
        addBundledMetadata: true,
      },
    },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    middlewareSettings: { routingRules: [] },
    enabledMiddleware: {},
    // The client's own figures: none, and if it keeps some all the same, not to Segment.
    metrics: { sampleRate: 0, host: apiHost, protocol },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
    analyticsNextEnabled: true,
  };
}

function rudderSettings(sourceId: string): object {
  return {
    source: {
      id: sourceId,
      name: sourceId,
      workspaceId: 'waybill',
      enabled: true,
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      destinations: [],
    },
  };
}
