import { parentPort, workerData } from 'node:worker_threads';
import {
  type DeletionRequest,
  type DestinationConfig,
  keysOfPerson,
  resolveDestination,
  type ResolvedDestination,
} from '@waybill/core';
import {
  createEngine,
  discardDeadLetters,
  type Correction,
  type DeadLetterFilter,
  type Dropped,
  type Forecast,
  forecastDeadLetters,
  groupDeadLetters,
  openStores,
  replayDeadLetters,
  replayProgress,
  resync,
  secretsOf,
} from '@waybill/delivery';
import type { DeletionAnswer } from '@waybill/ingest';
import { openSuppressions } from '@waybill/ingest/suppressions';
import { pino } from 'pino';
import { createLogSink } from '../logging/sink.ts';
import { startTracing, traceStores } from '../tracing.ts';
import { createModules } from '../containment/modules.ts';
import { createSecretBox } from '../keys.ts';
import type { Operations, ReplayAnswer, Variables } from './operations.ts';
import type { FromWorker, ToWorker, WorkerData } from './protocol.ts';
import { type GoOn, oldLanes } from '../folder/reach.ts';
import { following } from '../peers/following.ts';
import { takingTurns } from '../peers/turn.ts';
import { createServerRedactor, secretsOfAddress } from '../redaction.ts';
import { createReplays } from './replays.ts';
import { retain } from './retain.ts';
import { shareDelivery } from './shared.ts';
import { sendTest, tryMapping, type TryTools } from './try.ts';
import type { DeliveryWorkspace } from './workspace.ts';

/*
 * The delivery thread: the only writer of state.db. It reads the log that the accepting thread writes, and never blocks that thread.
 */

const data = workerData as WorkerData;
const port = parentPort!;
const say = (message: FromWorker): void => port.postMessage(message);
const redactor = createServerRedactor(secretsOfAddress(data.store));
const logger = pino(
  { level: data.logLevel, base: { thread: 'delivery' }, hooks: { streamWrite: redactor.text } },
  createLogSink(),
);
const modules = createModules(data.modules, {
  limits: data.containment,
  env: data.moduleEnv,
  logger,
  onChange: (status) => say({ kind: 'module', status }),
});
const { destinations } = modules;
await new Promise((resolve) => port.once('message', resolve));
const stores = await openStores(data.store, { writes: ['state'] });
const { log, state } = stores;
const tracing = await startTracing(
  (name) => data.tracing[name],
  () => undefined, // Reported by the accepting thread already.
);
const shared = await shareDelivery(stores.peers, { member: data.member, delivers: data.delivers, logger });
const suppressions = await openSuppressions(log);
const stopFollowing = following(stores.peers, suppressions, (error) =>
  logger.warn({ err: error }, 'the record of deletions could not be read'),
);
const engine = createEngine({
  ...shared.engine,
  ...(tracing === undefined ? { log, state } : traceStores({ log, state }, tracing)),
  now: Date.now,
  random: Math.random,
  logger,
  policy: data.retry,
  box: createSecretBox(data.secretKey),
  allowedHosts: data.allowedHosts,
  partitions: stores.supports.partitions,
  suppressed: suppressions.has,
  onStep: (step) => say({ kind: 'step', step }),
});

/** Notifies lanes of this process and of others of new work. */
function wake(): void {
  engine.wake();
  shared.tell({ topic: 'log' });
}

let inForce: readonly ResolvedDestination[] = [];

async function configure(workspace: DeliveryWorkspace, env: Variables, dropped: Dropped): Promise<void> {
  const resolved = workspace.destinations.map((config) => resolve(config, env));
  await modules.prime(resolved);
  redactor.learn([...workspace.secrets, ...resolved.flatMap(secretsOf)]);
  await engine.configure(resolved, dropped);
  inForce = resolved;
}

/** Returns a destination with its presets and variables resolved; it was validated when it was received. */
function resolve(config: DestinationConfig, env: Variables): ResolvedDestination {
  const resolved = resolveDestination(config, { destinations, env: (name) => env[name] });
  if (resolved.ok) return resolved.value;
  throw new Error(resolved.issues.map(({ path, message }) => `${path}: ${message}`).join(' '));
}

/** Runs interruptible work; deliveries continue in between. */
async function inSteps<T>(work: AsyncGenerator<void, T>): Promise<T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function replay(
  filters: readonly DeadLetterFilter[],
  correction: Correction | undefined,
): Promise<ReplayAnswer> {
  // One time for all of it, by which replayed dead letters are found again.
  const replayedAt = Date.now();
  let requeued = 0;
  for (const filter of filters)
    requeued += (await replayDeadLetters(state, filter, replayedAt, correction)).requeued;
  wake();
  return { requeued, replayedAt };
}

/** Deletes dead letters, or counts them. */
async function discard(
  filters: readonly DeadLetterFilter[],
  dryRun: boolean,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const filter of filters) {
    const found = await inSteps(discardDeadLetters(state, filter, dryRun));
    for (const [destination, count] of found) counts[destination] = (counts[destination] ?? 0) + count;
  }
  return counts;
}

/** Returns the results that replaying would have. */
async function forecast(filters: readonly DeadLetterFilter[]): Promise<ReplayAnswer> {
  const outcomes: Forecast[] = [];
  let deadLetters = 0;
  for (const filter of filters) {
    const found = await inSteps(forecastDeadLetters({ state, log, destinations: inForce }, filter));
    deadLetters += found.deadLetters;
    outcomes.push(...found.outcomes);
  }
  return { dryRun: true, deadLetters, outcomes };
}

function ownerOf(id: string): ResolvedDestination {
  const owner = inForce.find((one) => one.id === id);
  if (owner === undefined) throw new Error(`There is no destination "${id}".`);
  return owner;
}

/** Asks every supporting destination; Waybill's own memory of the user is deleted too. */
async function deleteUser(who: DeletionRequest): Promise<readonly DeletionAnswer[]> {
  await suppressions.refresh();
  const answers: DeletionAnswer[] = [];
  for (const owner of inForce) {
    const outcome = await engine.deleteUser(owner, who);
    if (outcome !== undefined) answers.push({ destination: owner.id, outcome });
    for (const key of keysOfPerson(who)) await state.forget({ destination: owner.id, key });
  }
  return answers;
}

/** The functions to test a mapping that may not be active anywhere; it was validated when it was received. */
function tryTools(env: Variables): TryTools {
  return {
    resolve: (config) => resolve(config, env),
    rehearse: (destination) => engine.rehearse(destination),
  };
}

/** Waits for the calls in flight; those of modules are aborted after a timeout. */
async function ended(stopped: Promise<void>): Promise<void> {
  const patience = setTimeout(() => void modules.stop(), data.containment.stop);
  await stopped;
  clearTimeout(patience);
  await modules.stop();
}

/** Starts paused delivery, from where a person has decided. */
async function resume(from: GoOn): Promise<void> {
  const there = new Set(inForce.map((one) => one.id));
  for (const { destination, partition = 0, reached } of old)
    if (from === 'log' && there.has(destination))
      await state.settle({ destination, partition, cursor: reached });
  old = [];
  engine.start();
}

const operations: Operations = {
  configure(workspace, env, isOwn = true) {
    // The process that made an edit deletes the removed data.
    const dropped = stores.peers === undefined ? 'everywhere' : isOwn ? 'here' : 'elsewhere';
    configured = configured.catch(() => undefined).then(() => configure(workspace, env, dropped));
    return configured;
  },
  replay: (filters, dryRun = false, correction) => (dryRun ? forecast(filters) : replay(filters, correction)),
  replayed: (at) => inSteps(replayProgress(state, at)),
  groups: (filters) => inSteps(groupDeadLetters({ state, log, destinations: inForce }, filters)),
  lanes: () => engine.status(),
  async hurry(ids, user) {
    shared.tell({ topic: 'hurry', about: { destinations: ids, ...(user === undefined ? {} : { user }) } });
    const counts = await Promise.all(ids.map((id) => engine.hurry(id, user)));
    return counts.reduce((sum, count) => sum + count, 0);
  },
  discard,
  expire: async (destination, through) => engine.expire(destination, through),
  retain: (limits) => retain(state, limits),
  replayPeriod: async (filter, dryRun) => replays.start(filter, dryRun),
  cancelReplay: async (id) => replays.cancel(id),
  async test(config, env) {
    const resolved = resolveDestination(config, { destinations, env: (name) => env[name] });
    return resolved.ok ? engine.testConnection(resolved.value) : { ok: false, issue: resolved.issues[0]! };
  },
  try: (question, env) => tryMapping(question, tryTools(env)),
  sendTest: (config, event, env) => sendTest(config, event, tryTools(env)),
  choices: async (destination, asked) => engine.choices(ownerOf(destination), asked),
  runHook: async (destination, asked) => engine.runHook(ownerOf(destination), asked),
  account: async (destination) => engine.account(ownerOf(destination)),
  audiences: async (destination) => engine.audiences(ownerOf(destination)),
  keepAudience: async (destination, audience, externalId) =>
    engine.keepAudience(ownerOf(destination), { id: audience, externalId }),
  async connect(destination, code) {
    const connected = await engine.connect(ownerOf(destination), code);
    shared.tell({ topic: 'hurry', about: { destinations: [destination] } });
    return connected;
  },
  deleteUser,
  lifted: () => suppressions.refresh(),
  resync: async (filter) => ({ forgotten: await resync(state, filter) }),
  resume,
  idle: () => engine.idle(),
  async stop() {
    replays.stop();
    stopFollowing();
    await shared.leave();
    await ended(engine.stop());
    await shared.left();
    await tracing?.stop();
    await stores.close();
  },
};

port.on('message', (message: ToWorker) => {
  if (message.kind === 'wake') engine.wake();
  if (message.kind !== 'ask') return;
  const { id, operation, given } = message;
  const handle = operations[operation] as (...args: readonly unknown[]) => Promise<unknown>;
  handle(...given).then(
    (value) => {
      say({ kind: 'answer', id, value });
      if (operation === 'stop') port.close();
    },
    (error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      logger.error({ err: error, operation }, 'the delivery thread could not process a request');
      say({ kind: 'failed', id, message: text });
    },
  );
});

// Before the destinations are configured: those that the state does not know would start at the end of the log.
let old = await oldLanes(
  log,
  state,
  data.workspace.destinations.map((one) => one.id),
);
for (const { destination, partition = 0, cursor } of old)
  await state.settle({ destination, partition, cursor });
let configured = configure(data.workspace, data.env, shared.hasOthers() ? 'elsewhere' : 'everywhere');
await configured;
const replays = createReplays({
  log,
  partitions: stores.supports.partitions,
  state,
  destination: (id) => inForce.find((one) => one.id === id),
  now: Date.now,
  wake,
  inTurn: takingTurns(stores.peers, 'replays', data.member),
  several: stores.peers !== undefined,
});
shared.begin(engine);
if (old.length === 0) engine.start();
say({ kind: 'ready', old });
