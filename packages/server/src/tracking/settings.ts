import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { TrackingInput } from './take.ts';
import { authenticate } from './write-key.ts';

/** A host as in browsers, with its port. */
const HOST = /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]{2,45}\])(?::\d{1,5})?$/;

/** Clients load it on every page; it rarely changes. */
const CACHE = 'private, max-age=60';

/**
 * The settings that clients in web pages load before sending: Segment's `AnalyticsBrowser` from its CDN, RudderStack's SDK from
 * its control plane. Serving them here lets both work with only the URL of this server.
 */
export function settingsRoutes(app: FastifyInstance, input: TrackingInput): void {
  app.get('/v1/projects/:writeKey/settings', async (request, reply) => {
    const { writeKey } = request.params as { readonly writeKey: string };
    authenticate(request, input, writeKey);
    return reply.header('cache-control', CACHE).send(segmentSettings(writeKey, addressOf(request, input)));
  });
  app.get('/sourceConfig', async (request, reply) => {
    const query = request.query as Readonly<Record<string, unknown>>;
    // The SDK tests with this whether the browser blocks the URL.
    if (query['view'] === 'ad') return {};
    const source = authenticate(request, input, query['writeKey']);
    return reply.header('cache-control', CACHE).send(rudderSettings(source.id));
  });
  // Metrics of clients about themselves: answered unread, because a refusal would be retried.
  for (const path of ['/v1/m', '/rsaMetrics']) {
    const answer = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      reply.send({ success: true });
    app.post(path, { onRequest: answer }, answer);
  }
}

/** The public URL of this server: configured, else from the request. */
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
    // Client metrics: disabled, and otherwise not sent to Segment.
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
