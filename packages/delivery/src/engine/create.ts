import {
  type Action,
  checkChoices,
  checkConnection,
  checkHook,
  checkOutcome,
  compileValidator,
  type DeletionRequest,
  findDynamic,
  type HookAnswer,
  type Issue,
  type Outcome,
  type ResolvedDestination,
  retry,
  type SendContext,
  headerOf,
} from '@waybill/core';
import { createLaneMemory } from '../delta/lane-memory.ts';
import { createGovernor } from '../governor/governor.ts';
import { createTransport } from '../request/transport.ts';
import { askedRequest } from './asked.ts';
import { createAudienceIds } from './audience-ids.ts';
import { type AskedChoices, createKnownChoices, type KnownChoices, type ReadChoices } from './choices.ts';
import { account, connect } from './connect.ts';
import type { AskedHook, Engine, EngineInput } from './engine.ts';
import { compileLane, credentialOf } from './compile.ts';
import { createExchangeIds } from './exchange-ids.ts';
import type { Lane } from './lane.ts';
import { keepAudience, keptAudiences } from './kept-audiences.ts';
import { createLimitParts } from './limit-parts.ts';
import type { LaneShared } from './lane-shared.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { LANE_LIMITS, RETRY_POLICY } from './policy.ts';
import { rehearse } from './rehearsal.ts';
import { cleanOutcome, redactorOf } from '../request/secrets.ts';

/** How often engines renew their parts of the limits, in milliseconds. */
const LENDING = 500;

/** The default duration of a lease. */
const LEASE = 30_000;

/** Creates the delivery engine over a log and a state; it is idle until it is started. */
export function createEngine(input: EngineInput): Engine {
  const { logger, leaseMs = LEASE } = input;
  const transport = createTransport({ allowedHosts: input.allowedHosts ?? [] });
  const shared = sharedOf(input, transport, leaseMs);
  const lanes = createLanes(shared);
  const known = createKnownChoices(input.now);
  const idlers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let renewing: NodeJS.Timeout | undefined;
  let lending: NodeJS.Timeout | undefined;

  const renew = (): void => {
    for (const lane of lanes.all())
      lane
        .renew()
        .catch((error: unknown) => logger.warn({ err: error }, 'The lease of a lane could not be renewed.'));
  };
  const settleIdlers = async (): Promise<void> => {
    const quiet = await Promise.all(lanes.all().map((lane) => lane.quiet()));
    if (quiet.every(Boolean)) for (const idler of idlers.splice(0)) idler.resolve();
  };
  /** Lanes become quiet between two steps without an event; a caller that waits for that polls. */
  const watch = (): void => {
    const again = (): void => void (idlers.length > 0 && setTimeout(watch, 5));
    settleIdlers().then(again, again);
  };
  const laneOf = (id: string): Lane | undefined => lanes.of(id)[0];

  return {
    configure: (destinations, dropped) => lanes.configure(destinations, dropped),
    start() {
      renewing ??= setInterval(renew, leaseMs / 3).unref();
      if (input.divide !== undefined)
        lending ??= setInterval(() => void lend(lanes, shared, { ...input, leaseMs }), LENDING).unref();
      lanes.start();
    },
    rebalance: () => lanes.rebalance(),
    tryAgain() {
      for (const lane of lanes.all()) lane.tryAgain();
    },
    wake() {
      for (const lane of lanes.all()) lane.wake();
    },
    expire(id, through) {
      for (const lane of lanes.of(id)) lane.expire(through);
    },
    async stop() {
      await lanes.stop();
      clearInterval(renewing);
      clearInterval(lending);
      renewing = lending = undefined;
      transport.close();
      for (const idler of idlers.splice(0)) idler.reject(new Error('The engine was stopped.'));
    },
    idle() {
      return new Promise((resolve, reject) => {
        idlers.push({ resolve, reject });
        if (idlers.length === 1) watch();
      });
    },
    status: () => Promise.all(lanes.all().map((lane) => lane.status())),
    async hurry(id, user) {
      const counts = await Promise.all(lanes.of(id).map((lane) => lane.hurry(user)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    testConnection: (destination) => testConnection(destination, laneOf(destination.id), shared),
    rehearse: (destination) => rehearse(destination, laneOf(destination.id), shared),
    choices: (destination, asked) => choices(destination, asked, laneOf(destination.id), { shared, known }),
    runHook: (destination, asked) => runHook(destination, asked, laneOf(destination.id), shared),
    async connect(destination, code) {
      const connected = await connect(destination, code, laneOf(destination.id), shared);
      // Items that wait because of refused credentials are retried at once.
      if (!('issue' in connected)) await Promise.all(lanes.of(destination.id).map((lane) => lane.hurry()));
      return connected;
    },
    account: (destination) => account(destination, laneOf(destination.id), shared),
    audiences: (destination) => keptAudiences(destination, laneOf(destination.id), shared),
    keepAudience: (destination, audience) =>
      keepAudience(destination, audience, lanes.of(destination.id), shared),
    deleteUser: (destination, who) => deleteUser(destination, who, laneOf(destination.id), shared),
  };
}

function sharedOf(input: EngineInput, transport: LaneShared['transport'], leaseMs: number): LaneShared {
  const { log, state, now, random, logger, policy, limits, box } = input;
  const reasons = { ...RETRY_POLICY.reasons, ...policy?.reasons };
  return {
    log,
    partitions: input.partitions ?? 1,
    state,
    now,
    random,
    logger,
    policy: { ...RETRY_POLICY, ...policy, reasons },
    limits: { ...LANE_LIMITS, ...limits },
    transport,
    governor: input.governor ?? createGovernor({ now, random }),
    box,
    audiences: createAudienceIds({ now, others: input.share !== undefined }),
    inTurn: input.inTurn,
    exchangeIds: createExchangeIds((count) => state.reserve(count)),
    holder: input.holder ?? 'engine',
    leaseMs,
    share: input.share,
    parts: createLimitParts(),
    suppressed: (event) => input.suppressed?.(event) === true,
    onLeft: () => input.onLeft?.(),
    onStep: (step) => input.onStep?.(step),
  };
}

/** Requests this engine's parts of the limits. */
async function lend(
  lanes: Lanes,
  { governor, parts }: LaneShared,
  { divide, leaseMs }: Pick<EngineInput, 'divide'> & { readonly leaseMs: number },
): Promise<void> {
  const limited = new Map<string, number>();
  for (const lane of lanes.all()) {
    const { destination } = lane.compiled();
    const { rateLimits } = destination.destination;
    if (limited.has(destination.id) || (rateLimits?.(destination.settings) ?? []).length === 0) continue;
    limited.set(destination.id, governor.wanted(credentialOf(destination)));
  }
  const asks = parts.asks(limited);
  if (asks.length === 0) return;
  const until = performance.now() + leaseMs;
  // Without an answer each engine falls back to its own part when the lent one expires.
  const given = await divide?.(asks).catch(() => undefined);
  if (given !== undefined) parts.lend(given, until);
}

/** The context of a function of a definition outside of a lane: settings and requests, without records. */
async function contextOf(
  destination: ResolvedDestination,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<SendContext> {
  // The lane of the same account has the state of the instance, for example a renewed token.
  const compiled = await compileLane(destination, { ...shared, box: undefined }, lane?.compiled());
  const { request } = askedRequest(compiled, shared);
  const { instance } = compiled;
  return Object.freeze({ settings: destination.settings, request, now: shared.now, instance });
}

/** Converts an exception of a definition's code to an issue without secrets. */
function bug(destination: ResolvedDestination, error: unknown): Issue {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'destination_bug', path: '', message: redactorOf(destination).text(message) };
}

async function testConnection(
  destination: ResolvedDestination,
  lane: Lane | undefined,
  shared: LaneShared,
): ReturnType<Engine['testConnection']> {
  const test = destination.destination.testConnection;
  if (test === undefined) return { ok: true, message: 'This destination has no connection test.' };
  try {
    const { context, offset } = withClock(await contextOf(destination, lane, shared));
    const result = checkConnection(await test(context));
    const told = redactorOf(destination).value(result) as typeof result;
    return offset() === undefined ? told : { ...told, clockOffset: offset()! };
  } catch (error) {
    return { ok: false, issue: bug(destination, error) };
  }
}

/** The same context, plus how far the clock of the destination is ahead, from the `Date` headers in whole seconds. */
function withClock(context: SendContext): {
  readonly context: SendContext;
  readonly offset: () => number | undefined;
} {
  let offset: number | undefined;
  const request: SendContext['request'] = async (call) => {
    const answer = await context.request(call);
    const date = answer.kind === 'response' ? Date.parse(headerOf(answer, 'date') ?? '') : NaN;
    if (!Number.isNaN(date)) offset = date - context.now();
    return answer;
  };
  return { context: { ...context, request }, offset: () => offset };
}

async function choices(
  destination: ResolvedDestination,
  asked: AskedChoices,
  lane: Lane | undefined,
  { shared, known }: { readonly shared: LaneShared; readonly known: KnownChoices },
): Promise<ReadChoices> {
  const { action, hook, field, question } = asked;
  const of = actionOf(destination, action);
  const fields = (hook === undefined ? of : of?.hooks?.[hook])?.dynamicFields ?? {};
  const found = findDynamic(fields, field);
  if (found === undefined) {
    const message = `The field "${field}" of "${action}" has no choices that are read from the account.`;
    return { error: { code: 'request_not_found', path: field, message } };
  }
  return known.read(destination, asked, async () => {
    try {
      const context = await contextOf(destination, lane, shared);
      const answer = checkChoices(await found.read(context, { ...question, ...found.at }));
      return redactorOf(destination).value(answer) as typeof answer;
    } catch (error) {
      return { error: bug(destination, error) };
    }
  });
}

function actionOf({ destination }: ResolvedDestination, name: string): Action | undefined {
  return Object.hasOwn(destination.actions, name) ? destination.actions[name] : undefined;
}

async function runHook(
  destination: ResolvedDestination,
  { action, hook, question }: AskedHook,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<HookAnswer> {
  const found = actionOf(destination, action)?.hooks?.[hook];
  if (found === undefined) {
    const message = `"${action}" has no hook "${hook}".`;
    return { error: { code: 'request_not_found', path: hook, message } };
  }
  const checked = compileValidator(found.fields)(question.inputs);
  if (!checked.ok) return { error: checked.issues[0]! };
  try {
    const context = await contextOf(destination, lane, shared);
    const answer = checkHook(await found.run(context, { ...question, inputs: checked.payload }));
    return redactorOf(destination).value(answer) as typeof answer;
  } catch (error) {
    return { error: bug(destination, error) };
  }
}

async function deleteUser(
  destination: ResolvedDestination,
  who: DeletionRequest,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<Outcome | undefined> {
  const { state } = shared;
  const { memory, writes } = createLaneMemory(state, destination.id).forCall();
  try {
    const erase = destination.destination.deleteUser;
    if (erase === undefined) return undefined;
    const context = Object.freeze({ ...(await contextOf(destination, lane, shared)), memory });
    const outcome = checkOutcome(await erase(context, who));
    // The memory of an action about a user is removed with the user.
    const forgotten = writes();
    if (forgotten.length > 0) await state.settle({ destination: destination.id, memory: forgotten });
    return cleanOutcome(outcome, redactorOf(destination));
  } catch (error) {
    return retry('destination_bug', bug(destination, error).message);
  }
}
