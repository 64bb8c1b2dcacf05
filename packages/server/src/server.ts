import { join } from 'node:path';
import { standingsOf } from '@waybill/delivery';
import { createLinks, createRefusals, type Refusals } from '@waybill/ingest';
import { type Admission, createAdmission } from './admission/admission.ts';
import { admissionByRole } from './admission/by-role.ts';
import { createThrottle } from './admission/throttle.ts';
import { adminRoutes } from './admin/routes.ts';
import type { Auth } from './auth/guard.ts';
import { openSessions } from './auth/sessions.ts';
import { createTokens } from './auth/tokens.ts';
import type { ServerConfig } from './config.ts';
import { type Configuration, followPublished, openConfiguration } from './configuration.ts';
import { consoleRoutes } from './console/routes.ts';
import { openSite } from './console/site.ts';
import type { Delivery } from './delivery/client.ts';
import { startDeliveryOf } from './delivery/start.ts';
import { deliveryWorkspace } from './delivery/workspace.ts';
import { type DataFolder, openDataFolder } from './folder/open.ts';
import { healthRoutes } from './health.ts';
import { createHttp, type Http, type Route } from './http.ts';
import { type Ingest, type IngestInput, startIngest } from './ingest/start.ts';
import { webhookRoutes } from './ingest/webhooks.ts';
import { createSecretBox } from './keys.ts';
import { listen } from './listen.ts';
import { createLogSink, type LogSink } from './logging/sink.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createOAuthStates } from './oauth/states.ts';
import { type Observer, openObserver } from './observe/observer.ts';
import { createOpened, type Opened } from './opened.ts';
import { takingTurns, unlessOthersDo } from './peers/turn.ts';
import { reviewRoutes } from './reviews/routes.ts';
import { createServerRedactor, secretsOfAddress, type ServerRedactor } from './redaction.ts';
import { createRetention, type Retention, type RetentionInput } from './retention.ts';
import { readSettings, type Settings } from './settings.ts';
import { storefrontRoutes } from './storefront/routes.ts';
import { createStorefront } from './storefront/take.ts';
import { openStores, type Stores } from './stores.ts';
import { startTracing } from './tracing.ts';
import { trackingRoutes } from './tracking/routes.ts';
import type { WorkspaceEditor } from './workspace/open.ts';

/** A running server. */
export interface Server {
  readonly url: string;
  readonly adminToken: string;
  readonly workspace: WorkspaceEditor;
  /** Its routes: methods with path patterns. */
  readonly routes: readonly Route[];
  /** Resolves when everything accepted so far has an outcome. */
  idle(): Promise<void>;
  /** Runs the retention of the log, which also runs every minute. */
  prune(): Promise<number>;
  /** Stops accepting requests, finishes current requests and calls to destinations, then ends. */
  stop(): Promise<void>;
}

/** Starts a server. `workspace` is the content of a workspace file; it is applied unless it was the last applied one. */
export async function startServer(config: ServerConfig, workspace?: string): Promise<Server> {
  const folder = config.folder ?? openDataFolder(config.dataDir);
  const opened = createOpened();
  opened.add(() => folder.release());
  try {
    return await serve(readSettings(config), folder, workspace, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The settings of the intake, sources and processors. */
function givenToIngest(
  settings: Settings,
): Pick<
  IngestInput,
  | 'allowedHosts'
  | 'audiences'
  | 'backlogEvents'
  | 'publicUrl'
  | 'links'
  | 'secretKey'
  | 'store'
  | 'member'
  | 'roles'
> {
  const { allowedHosts, audienceFiles, dataDir, limits, publicUrl, secretKey, store, member, roles } =
    settings;
  return {
    ...{ allowedHosts, publicUrl, secretKey, store, member, roles },
    audiences: { folder: join(dataDir, 'audiences'), files: audienceFiles },
    backlogEvents: limits.backlogEvents,
    links: createLinks(secretKey),
  };
}

async function serve(
  settings: Settings,
  folder: DataFolder,
  workspace: string | undefined,
  opened: Opened,
): Promise<Server> {
  const sink = createLogSink();
  const redactor = createServerRedactor([settings.adminToken.value, ...secretsOfAddress(settings.store)]);
  let delivery: Delivery | undefined = undefined;
  let ingest: Ingest | undefined = undefined;
  let observer: Observer | undefined = undefined;
  const { editor, modules, sourceModules } = await openConfiguration({
    settings,
    sink,
    redactor,
    async onChange(changed, isOwn) {
      await delivery?.configure(deliveryWorkspace(editor), isOwn);
      await ingest?.configure(changed, isOwn);
    },
  });
  opened.add(() => editor.close());
  opened.add(() => sourceModules.stop());
  if (workspace !== undefined) await editor.declare(workspace);

  const http = createHttp(settings, sink, redactor);
  const running: Running = { settings, sink, redactor, editor, modules, sourceModules, http };
  let watch: Watch | undefined = undefined;
  const stores = await openStores(
    settings.store,
    (log) =>
      startDeliveryOf({ settings, editor, modules, logger: http.app.log }, log, {
        onStep(step) {
          watch?.metrics.step(step);
          observer?.step(step);
        },
        onResume: () => stores.noteReach(),
        onDeath: () => watch?.metrics.threadEnded('delivery'),
      }),
    opened,
    http.app.log,
  );
  delivery = stores.delivery;
  folder.note();
  watch = watchStores(running, stores, async () => (await ingest?.processors.reached()) ?? [0], opened);
  const { metrics, retention, admission } = watch;
  const refusals = createRefusals(redactor.value);
  const observing = await observe(running, stores, refusals);
  observer = observing;
  opened.add(() => observing.stop());
  const tracing = await startTracing(settings.env, (message) => http.app.log.warn(message));
  opened.add(() => tracing?.stop());
  const started = await startIngest({
    stores,
    editor,
    refusals,
    metrics: observing.counting(metrics),
    hide: redactor.value,
    sampled: observing.sampled,
    onStored: observing.live.stored,
    tracing,
    logger: http.app.log,
    admission,
    ...givenToIngest(settings),
  });
  ingest = started;
  opened.add(() => started.stop());
  opened.add(followPublished(editor, http.app.log));
  await addRoutes(running, stores, watch, { ingest: started, refusals, observer: observing });
  opened.add(() => http.app.close());
  const url = await listen(http, settings);
  return {
    url,
    get adminToken() {
      return settings.adminToken.value;
    },
    workspace: editor,
    routes: http.routes,
    async idle() {
      let idle;
      do {
        idle = await started.idle();
        await stores.delivery.ask('idle');
        // A delayed back-fill continues when that is done.
      } while (idle === 'held');
    },
    prune: () => retention.run(),
    stop: () => opened.close(),
  };
}

/** The parts of a server before its stores are open. */
interface Running extends Configuration {
  readonly settings: Settings;
  readonly sink: LogSink;
  readonly redactor: ServerRedactor;
  readonly http: Http;
}

/** Background work on the stores of a running server. */
interface Watch {
  readonly metrics: Metrics;
  readonly admission: Admission;
  readonly retention: Retention;
}

type Processed = RetentionInput['processed'];

function watchStores(running: Running, stores: Stores, processed: Processed, opened: Opened): Watch {
  const { http, editor, settings, sink } = running;
  const { log, state, delivery } = stores;
  const { log: logger } = http.app;
  const admission = createAdmission({
    limits: settings.limits,
    dataDir: settings.dataDir,
    async backlog() {
      const enabled = new Set(editor.resolved.destinations.flatMap((one) => (one.enabled ? [one.id] : [])));
      const { destinations } = await standingsOf({ log, state });
      const lags = destinations.flatMap(({ destination, lag }) => (enabled.has(destination) ? [lag] : []));
      return lags.length === 0 ? 0 : Math.min(...lags);
    },
    onChange(reason) {
      if (reason === undefined) logger.info('events are accepted again');
      else logger.error({ reason }, 'no events are accepted at the moment');
    },
  });
  opened.add(() => admission.stop());
  const metrics = createMetrics(
    async () => (await standingsOf({ log, state })).destinations,
    async () => ({
      logBytes: (await log.extent()).bytes,
      stateBytes: await state.sizes(),
      admissionClosed: admission.closed() !== undefined,
      inFlightBytes: admission.inFlight(),
      connections: http.connections.open,
      droppedConnections: http.connections.dropped,
      droppedLogLines: sink.dropped,
    }),
    () => [...delivery.modules(), ...running.sourceModules.status()],
  );
  const retention = retain(running, stores, metrics, processed);
  opened.add(() => retention.stop());
  return { metrics, admission, retention };
}

function retain(
  { http, editor, settings }: Running,
  stores: Stores,
  metrics: Metrics,
  processed: Processed,
): Retention {
  const { log, state, delivery } = stores;
  const { log: logger } = http.app;
  return createRetention({
    limits: settings.retention,
    log,
    state,
    backlogEvents: settings.limits.backlogEvents,
    destinations: () => editor.resolved.destinations,
    processed,
    expire: (destination, through) => delivery.ask('expire', destination, through),
    retain: (limits) => delivery.ask('retain', limits),
    ifFree: unlessOthersDo(editor.peers, 'retention', settings.member),
    now: Date.now,
    onBehind: (destination, events, most) =>
      logger.error(
        { destination, events, most },
        'a destination is far behind; its oldest events are dropped when the backlog exceeds its limit',
      ),
    onRemoved(events, { outcomes, exchanges, expired }) {
      if (events + outcomes + exchanges > 0)
        logger.info({ events, outcomes, exchanges }, 'old events and their data were removed from the log');
      for (const [destination, count] of Object.entries(expired)) {
        metrics.lettersRemoved(destination, 'expired', count);
        logger.warn(
          { destination, count },
          'dead letters have expired: they were too old, or exceeded the size limit',
        );
      }
    },
    onError: (error) => logger.error({ err: error }, 'old events could not be removed from the log'),
  });
}

function observe(
  { editor, settings, http }: Running,
  { log, state }: Stores,
  refusals: Refusals,
): Promise<Observer> {
  const { log: logger } = http.app;
  return openObserver({
    inTurn: takingTurns(editor.peers, 'rollups', settings.member),
    log,
    state,
    refusals,
    now: Date.now,
    onError: (error) => logger.error({ err: error }, 'activity could not be followed or counted'),
  });
}

async function addRoutes(
  running: Running,
  stores: Stores,
  watch: Watch,
  passing: { readonly ingest: Ingest; readonly refusals: Refusals; readonly observer: Observer },
): Promise<void> {
  const { http, editor, settings } = running;
  const { log, state, delivery } = stores;
  const { metrics, admission, retention } = watch;
  const { app } = http;
  const { ingest, refusals, observer } = passing;
  const { intake } = ingest;
  const auth = await authOf(running);
  const { publicUrl, roles } = settings;
  healthRoutes(app, { delivery, admission, retention, metrics, roles });
  const outer = admissionByRole(admission, roles);
  await app.register(async (scope) => consoleRoutes(scope, { site: openSite(), publicUrl }));
  await app.register(async (scope) => {
    trackingRoutes(scope, {
      intake,
      admission: outer,
      publicUrl,
      now: Date.now,
      storefront: createStorefront({ intake, sources: ingest.sources, editor, now: Date.now }),
    });
  });
  const guessed = { ingest, editor, admission: outer, now: Date.now };
  await app.register(async (scope) => storefrontRoutes(scope, { editor }));
  await app.register(async (scope) => reviewRoutes(scope, { ...guessed, guesses: createThrottle(Date.now) }));
  await app.register(async (scope) =>
    webhookRoutes(scope, { ...guessed, guesses: createThrottle(Date.now) }),
  );
  await app.register(async (scope) => {
    adminRoutes(scope, {
      auth,
      about: settings,
      editor,
      oauth: createOAuthStates(settings.secretKey, Date.now),
      delivery: () => delivery,
      modules: () => [...delivery.modules(), ...running.sourceModules.status()],
      log,
      state,
      partitions: stores.supports.partitions,
      refusals,
      metrics,
      observer,
      ingest,
      onAnswer: settings.onAnswer,
    });
  });
}

async function authOf({ settings, editor, redactor, http }: Running): Promise<Auth> {
  const { adminToken: admin } = settings;
  const sessions = await openSessions({
    store: editor.sessions,
    peers: editor.peers,
    box: createSecretBox(settings.secretKey),
    now: Date.now,
    onError: (error) => http.app.log.error({ err: error }, 'a session could not be stored'),
  });
  return {
    tokens: createTokens({ admin, editor, now: Date.now, onMade: redactor.hide }),
    sessions,
    guesses: createThrottle(Date.now),
  };
}
