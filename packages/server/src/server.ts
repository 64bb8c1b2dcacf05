import { join } from 'node:path';
import type { ResolvedWorkspace } from '@waybill/core';
import { type EventLog, openEventLog, openStateStore, type StateStore } from '@waybill/delivery';
import Fastify, { LogController, type FastifyError, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { adminRoutes } from './admin/routes.ts';
import { failureOf, sendFailure } from './answers.ts';
import { ADMISSION_LIMITS, createAdmission } from './admission/admission.ts';
import { boundConnections, CONNECTION_TIMES } from './admission/connections.ts';
import { createThrottle } from './admission/throttle.ts';
import { limitsFromEnvironment, MAX_BATCH_BYTES, placeFromEnvironment, type ServerConfig } from './config.ts';
import { type Delivery, namedVariables, startDelivery } from './delivery/client.ts';
import { describeModules, destinationsOf, moduleEnv } from './containment/modules.ts';
import { CONTAINMENT } from './containment/process.ts';
import { keepReach } from './delivery/reach.ts';
import { Failure, nothingAt } from './failure.ts';
import { type DataFolder, openDataFolder } from './folder/open.ts';
import { createKeyring, createSecretBox, keptKey, keptSecret, type Keyring } from './keys.ts';
import { createLogSink } from './logging/sink.ts';
import { createSparing } from './logging/sparing.ts';
import { createMetrics } from './metrics.ts';
import { createServerRedactor } from './redaction.ts';
import { createRetention, RETENTION } from './retention.ts';
import { readJson } from './tracking/bodies.ts';
import { createRefusals } from './tracking/refusals.ts';
import { allowedVariables } from './secrets.ts';
import { startTracing, tracingVariables } from './tracing.ts';
import { trackingRoutes } from './tracking/routes.ts';
import { openWorkspace, type WorkspaceKeeper } from './workspace.ts';

/** A running server. */
export interface Server {
  readonly url: string;
  readonly adminToken: string;
  readonly workspace: WorkspaceKeeper;
  /** What it answers: every method with every pattern of an address. */
  readonly routes: readonly { readonly method: string; readonly url: string }[];
  /** Resolves when everything accepted so far has an outcome. */
  idle(): Promise<void>;
  /** Removes from the log what its retention lets go; it happens by itself every minute. */
  prune(): Promise<number>;
  /** Takes no more requests, finishes those under way and the calls to destinations, then ends. */
  stop(): Promise<void>;
}

/** Starts a server. `workspace` is the text of a workspace file; it is applied when it is not the one applied last. */
export async function startServer(config: ServerConfig, workspace?: string): Promise<Server> {
  const folder = config.folder ?? openDataFolder(config.dataDir);
  try {
    return await serve(config, folder, workspace);
  } catch (error) {
    folder.release();
    throw error;
  }
}

async function serve(config: ServerConfig, folder: DataFolder, workspace?: string): Promise<Server> {
  const { dataDir } = config;
  const env = config.env ?? (() => undefined);
  const fromEnv = limitsFromEnvironment(env);
  const place = { ...placeFromEnvironment(env), ...config };
  const adminToken = config.adminToken ?? keptSecret(dataDir, 'admin-token');
  const secretKey = config.secretKey ?? keptKey(dataDir);
  const box = createSecretBox(secretKey);
  const logLevel = config.logLevel ?? 'info';
  const sink = createLogSink();

  let delivery: Delivery | undefined = undefined;
  const redactor = createServerRedactor([adminToken]);
  const containment = { ...CONTAINMENT, ...fromEnv.containment, ...config.containment };
  const ofModules = moduleEnv(env, config.destinationEnv ?? fromEnv.destinationEnv ?? []);
  const modules = await describeModules(config.destinations ?? [], {
    limits: containment,
    env: ofModules,
    logger: pino({ level: logLevel, hooks: { streamWrite: redactor.text } }, sink),
  });
  const keeper = openWorkspace({
    destinations: destinationsOf(modules, ofModules),
    dataDir,
    box,
    env,
    mayName: allowedVariables(env('WAYBILL_ENV_ALLOW')),
    onChange: async (resolved) => {
      redactor.learn(resolved);
      await delivery?.configure(keeper.workspace);
    },
  });
  if (workspace !== undefined) keeper.declare(workspace);
  redactor.learn(keeper.resolved);

  const limits = { ...ADMISSION_LIMITS, ...fromEnv.limits, ...config.limits };
  const { keepAliveTimeout, requestTimeout, ...connectionTimes } = CONNECTION_TIMES;
  const app = Fastify({
    logger: {
      level: logLevel,
      stream: sink,
      hooks: { streamWrite: redactor.text },
      redact: ['req.headers.authorization', 'headers.authorization', '*.apiKey', '*.writeKey'],
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BATCH_BYTES,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    ...(place.trustProxy === undefined ? {} : { trustProxy: [...place.trustProxy] }),
    requestTimeout,
    keepAliveTimeout,
    http: connectionTimes,
    forceCloseConnections: 'idle',
  });
  const connections = boundConnections(app.server, limits.connections);
  readJson(app);
  answerFailures(app);
  const routes: { readonly method: string; readonly url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });

  const tracing = await startTracing(env, (message) => app.log.warn(message));
  // The thread loads its modules while the log is opened: both take a while when the log is large.
  const opening = Promise.withResolvers<void>();
  const starting = startDelivery({
    opened: opening.promise,
    data: {
      dataDir,
      secretKey,
      modules,
      containment,
      moduleEnv: ofModules,
      workspace: keeper.workspace,
      allowedHosts: config.allowedHosts ?? [],
      logLevel,
      retry: config.retry ?? {},
      tracing: tracingVariables(env),
    },
    env: (one) => namedVariables(one, env),
    onStep: (step) => metrics.step(step),
    onResume: () => reach.note(),
    onDeath: (error, restartMs) =>
      app.log.fatal(
        { err: error, restartMs },
        'the delivery thread ended and is started again; events are still accepted and kept',
      ),
  });
  // A log that cannot be opened is said below.
  starting.catch(() => undefined);
  const log = openLog(join(dataDir, 'log.db'), opening);
  try {
    delivery = await starting;
  } catch (error) {
    await log.close();
    throw error;
  }
  folder.note();
  const state: StateStore = openStateStore({ file: join(dataDir, 'state.db'), readOnly: true });
  const reached = Math.max(0, ...state.stats().map(({ cursor }) => cursor));
  if (reached > log.lastSeq()) {
    app.log.error(
      { reached, last: log.lastSeq() },
      'the log has lost its newest events: was the disk damaged? What senders send again is taken again',
    );
    log.startAfter(reached);
  }
  const held = (): boolean => delivery!.old.length > 0;
  if (held())
    app.log.error({ lanes: delivery.old }, `${HELD}; see "When the state is older" in docs/operations.md`);
  const reach = keepReach({ log, state, held });
  const metrics = createMetrics(
    () => {
      const last = log.lastSeq();
      return state.stats().map((lane) => ({ ...lane, lag: Math.max(0, last - lane.cursor) }));
    },
    () => ({
      logBytes: log.extent().bytes,
      stateBytes: state.sizes(),
      doorClosed: admission.closed() !== undefined,
      inFlightBytes: admission.inFlight(),
      connections: connections.open,
      droppedConnections: connections.dropped,
      droppedLogLines: sink.dropped,
    }),
    () => delivery?.modules() ?? [],
  );
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the address, not the address: ids in it would make a series each.
    metrics.answered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime);
  });
  const refusals = createRefusals(redactor.value);
  const admission = createAdmission({
    limits,
    dataDir,
    backlog: () => {
      const enabled = new Set(keeper.resolved.destinations.flatMap((one) => (one.enabled ? [one.id] : [])));
      const cursors = state.stats().filter(({ lane }) => enabled.has(lane));
      return cursors.length === 0 ? 0 : log.lastSeq() - Math.max(...cursors.map(({ cursor }) => cursor));
    },
    onChange: (reason) => {
      if (reason === undefined) app.log.info('events are taken again');
      else app.log.error({ reason }, 'no events are taken for now');
    },
  });
  const retention = createRetention({
    limits: { ...RETENTION, ...fromEnv.retention, ...config.retention },
    log,
    state,
    backlogEvents: limits.backlogEvents,
    lanes: () => keeper.resolved.destinations,
    expire: (lane, through) => delivery!.expire(lane, through),
    onBehind: (destination, events, most) =>
      app.log.error(
        { destination, events, most },
        'a destination is far behind; its oldest events are given up when more wait than may',
      ),
    retain: (limits) => delivery!.retain(limits),
    now: Date.now,
    onRemoved: (events, { outcomes, exchanges, expired }) => {
      if (events + outcomes + exchanges > 0)
        app.log.info(
          { events, outcomes, exchanges },
          'old events have left the log, and what belongs to them',
        );
      for (const [destination, count] of Object.entries(expired)) {
        metrics.lettersRemoved(destination, 'expired', count);
        app.log.warn({ destination, count }, 'dead letters have expired: they were too old or too much');
      }
    },
    onError: (error) => app.log.error({ err: error }, 'old events could not be removed from the log'),
  });

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const working = held() ? HELD : admission.unready();
    const reason = delivery?.alive === true ? working : 'delivery stopped';
    return reply.code(reason === undefined ? 200 : 503).send({
      status: reason ?? 'ready',
      ...(retention.behind().length === 0 ? {} : { behind: retention.behind() }),
    });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
  await app.register(async (scope) => {
    trackingRoutes(scope, {
      sourceOf: keysOf(keeper),
      log,
      metrics,
      refusals,
      now: Date.now,
      admission,
      guesses: createThrottle(Date.now),
      sparing: createSparing(Date.now),
      tracing,
      publicUrl: place.publicUrl,
      onAccepted: () => delivery?.wake(),
    });
  });
  await app.register(async (scope) => {
    adminRoutes(scope, {
      token: adminToken,
      guesses: createThrottle(Date.now),
      keeper,
      delivery: () => delivery!,
      log,
      state,
      refusals,
      metrics,
    });
  });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    admission.stop();
    retention.stop();
    await app.close();
    await delivery!.stop();
    reach.stop();
    state.close();
    await log.close();
    folder.release();
  };
  let url: string;
  try {
    url = await app.listen({ host: config.host ?? '127.0.0.1', port: config.port ?? 4400 });
  } catch (error) {
    // The delivery thread runs already; left alone it would keep the process alive.
    await stop();
    throw cannotListen(error, config);
  }
  return {
    url,
    adminToken,
    workspace: keeper,
    routes,
    idle: () => delivery!.idle(),
    prune: () => retention.run(),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function cannotListen(error: unknown, { host = '127.0.0.1', port = 4400 }: ServerConfig): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new Failure(
    'server_port_in_use',
    `Port ${port} on ${host} is taken: does a server run there already? Stop it, or choose another port with --port (or WAYBILL_PORT).`,
  );
}

/** Said while nothing is sent because the state is an older one than the log. */
const HELD = 'delivery held: the state is older than the log, decide with "waybill resume"';

/** Finds the enabled source of a write key. */
function keysOf(keeper: WorkspaceKeeper): (key: string) => { readonly id: string } | undefined {
  const keyring = ({ sources }: ResolvedWorkspace): Keyring<{ readonly id: string }> =>
    createKeyring(sources.flatMap((one) => (one.enabled ? [[one.writeKey, one] as const] : [])));
  let known = keeper.resolved;
  let keys = keyring(known);
  return (key) => {
    if (known !== keeper.resolved) {
      known = keeper.resolved;
      keys = keyring(known);
    }
    return keys.find(key);
  };
}

/** Opens the log and tells who waits for it, also when that fails. */
function openLog(file: string, opening: PromiseWithResolvers<void>): EventLog {
  try {
    const log = openEventLog({ file });
    opening.resolve();
    return log;
  } catch (error) {
    opening.reject(error);
    throw error;
  }
}

/** Turns every failure into the one shape of failed answers. */
function answerFailures(app: FastifyInstance): void {
  // Before a body is read: at an address that is not there, nobody would bound it.
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
