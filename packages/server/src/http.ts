import Fastify, { LogController, type FastifyError, type FastifyInstance } from 'fastify';
import { boundConnections, type Connections, CONNECTION_TIMES } from './admission/connections.ts';
import { failureOf, sendFailure } from './answers.ts';
import { MAX_BATCH_BYTES } from './config.ts';
import { type Failure, nothingAt } from './failure.ts';
import type { LogSink } from './logging/sink.ts';
import type { ServerRedactor } from './redaction.ts';
import type { Settings } from './settings.ts';
import { readJson } from './tracking/bodies.ts';

/** A method and a path pattern. */
export interface Route {
  readonly method: string;
  readonly url: string;
}

/** The HTTP side of a server, before it has routes. */
export interface Http {
  readonly app: FastifyInstance;
  readonly connections: Connections;
  /** Grows with every route that is added. */
  readonly routes: readonly Route[];
}

/** Creates the HTTP side: body parsing, timeouts, error answers. */
export function createHttp(settings: Settings, sink: LogSink, redactor: ServerRedactor): Http {
  const { keepAliveTimeout, requestTimeout, ...connectionTimes } = CONNECTION_TIMES;
  const app = Fastify({
    logger: {
      level: settings.logLevel,
      stream: sink,
      hooks: { streamWrite: redactor.text },
      redact: [
        'req.headers.authorization',
        'headers.authorization',
        'req.headers.cookie',
        'headers.cookie',
        '*.apiKey',
        '*.writeKey',
      ],
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BATCH_BYTES,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    ...(settings.trustProxy === undefined ? {} : { trustProxy: [...settings.trustProxy] }),
    requestTimeout,
    keepAliveTimeout,
    http: connectionTimes,
    forceCloseConnections: 'idle',
  });
  const connections = boundConnections(app.server, settings.limits.connections);
  readJson(app);
  answerFailures(app);
  const routes: Route[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  return { app, connections, routes };
}

/** Converts every failure to the common error body. */
function answerFailures(app: FastifyInstance): void {
  // Before a body is read: at an unknown path, nothing would bound it.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(nothingAt(request));
    else done();
  });
  app.setNotFoundHandler(async (request) => {
    throw nothingAt(request);
  });
  app.setErrorHandler(async (error: FastifyError | Failure, request, reply) =>
    sendFailure(failureOf(error, request), reply),
  );
}
