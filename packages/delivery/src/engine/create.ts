import {
  checkChoices,
  checkConnection,
  checkOutcome,
  type DeletionRequest,
  type DynamicAnswer,
  type DynamicQuestion,
  type Issue,
  type Outcome,
  type ResolvedDestination,
  retry,
  type SendContext,
} from '@waybill/core';
import { createLaneMemory } from '../delta/lane-memory.ts';
import { createGovernor } from '../governor/governor.ts';
import { createRequest } from '../request/request.ts';
import { createTransport } from '../request/transport.ts';
import type { Engine, EngineInput } from './engine.ts';
import { compileLane } from './compile.ts';
import { createLane, type Lane } from './lane.ts';
import type { LaneShared } from './lane-shared.ts';
import { LANE_LIMITS, RETRY_POLICY } from './policy.ts';
import { cleanOutcome, redactorOf } from '../request/secrets.ts';

/** The delivery engine over a log and a state; it stands until it is started. */
export function createEngine(input: EngineInput): Engine {
  const { log, state } = input;
  const lanes = new Map<string, Lane>();
  const leaving = new Map<string, Promise<void>>();
  const idlers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let running = false;
  let lastExchangeId = state.lastExchangeId();
  const transport = createTransport({ allowedHosts: input.allowedHosts ?? [] });
  const governor = input.governor ?? createGovernor({ now: input.now, random: input.random });

  const settleIdlers = (): void => {
    if (idlers.length > 0 && [...lanes.values()].every((lane) => lane.quiet())) {
      for (const idler of idlers.splice(0)) idler.resolve();
    }
  };
  const shared: LaneShared = {
    log,
    state,
    now: input.now,
    random: input.random,
    logger: input.logger,
    policy: {
      ...RETRY_POLICY,
      ...input.policy,
      reasons: { ...RETRY_POLICY.reasons, ...input.policy?.reasons },
    },
    limits: { ...LANE_LIMITS, ...input.limits },
    transport,
    governor,
    box: input.box,
    nextExchangeId: () => (lastExchangeId += 1),
    onStep: (step) => input.onStep?.(step),
  };
  /** Ends a lane whose destination was removed; one that is added again under its name does not go on where it was. */
  const leave = (id: string): void => {
    if (leaving.has(id)) return;
    const lane = lanes.get(id);
    // What its last steps learn is for nobody; whoever is added under the name begins with nothing.
    lane?.compiled().kept.close();
    const drop = (): void => {
      try {
        state.drop(id, input.now());
      } catch (error) {
        input.logger.error(
          { destination: id, err: error },
          'A removed destination is cleared at the next start.',
        );
      }
      leaving.delete(id);
    };
    lanes.delete(id);
    if (lane === undefined) drop();
    else leaving.set(id, lane.stop().then(drop));
  };
  /** Lanes go quiet between two steps, when nobody tells; someone who waits for it looks now and then. */
  const watch = (): void => {
    settleIdlers();
    if (idlers.length > 0) setTimeout(watch, 5);
  };

  return {
    configure(destinations) {
      const compiled = destinations.map((one) => {
        const known = lanes.get(one.id)?.compiled();
        if (known !== undefined && isSame(known.destination, one)) return known;
        // What a lane of the same name leaves behind, while it is in its last step, is not for the new one.
        return compileLane(one, { ...shared, fresh: leaving.has(one.id) }, known);
      });
      const start = state.hasLanes() ? log.lastSeq() : 0;
      const ids = new Set(destinations.map((one) => one.id));
      for (const id of [...lanes.keys(), ...state.stats().map(({ destination }) => destination)]) {
        if (!ids.has(id)) leave(id);
      }
      for (const { destination } of compiled) {
        const { id } = destination;
        if (!leaving.has(id) && state.cursor(id) === undefined)
          state.settle({ destination: id, cursor: start });
      }
      for (const one of compiled) {
        const { id } = one.destination;
        const known = lanes.get(id);
        if (known !== undefined) {
          if (known.compiled() !== one) known.replace(one);
          continue;
        }
        const lane = createLane(one, shared);
        lanes.set(id, lane);
        // A lane of the same name that was just removed may still be in its last step.
        const before = leaving.get(id);
        if (before === undefined) {
          if (running) lane.start();
        } else {
          void before.then(() => {
            if (lanes.get(id) !== lane) return;
            state.settle({ destination: id, cursor: start });
            if (running) lane.start();
          });
        }
      }
    },
    start() {
      running = true;
      for (const [id, lane] of lanes) if (!leaving.has(id)) lane.start();
    },
    wake() {
      for (const lane of lanes.values()) lane.wake();
    },
    expire: (id, through) => lanes.get(id)?.expire(through),
    async stop() {
      running = false;
      await Promise.all([...[...lanes.values()].map((lane) => lane.stop()), ...leaving.values()]);
      transport.close();
      for (const idler of idlers.splice(0)) idler.reject(new Error('The engine was stopped.'));
    },
    idle() {
      return new Promise((resolve, reject) => {
        idlers.push({ resolve, reject });
        if (idlers.length === 1) watch();
      });
    },
    status: () => [...lanes.values()].map((lane) => lane.status()),
    testConnection: (destination) => testConnection(destination, lanes.get(destination.id), shared),
    choices: (destination, action, field, question) =>
      choices(destination, { action, field, question }, lanes.get(destination.id), shared),
    deleteUser: (destination, who) => deleteUser(destination, who, lanes.get(destination.id), shared),
  };
}

/** Whether nothing of a destination has changed; its lane then goes on as it is, with what it knows of the account. */
function isSame(one: ResolvedDestination, other: ResolvedDestination): boolean {
  if (one.destination !== other.destination) return false;
  const text = (value: ResolvedDestination): string => JSON.stringify({ ...value, destination: undefined });
  return text(one) === text(other);
}

/** What a function of a definition is handed outside of a lane: settings and requests, nothing recorded. */
function contextOf(
  destination: ResolvedDestination,
  lane: Lane | undefined,
  shared: LaneShared,
): SendContext {
  // The lane of the same account has what its instance knows: a renewed token, for example.
  const { instance } = compileLane(destination, { ...shared, box: undefined }, lane?.compiled());
  const redactor = redactorOf(destination);
  const { request } = createRequest({ transport: shared.transport, redactor, now: shared.now });
  return Object.freeze({ settings: destination.settings, request, now: shared.now, instance });
}

/** A throw of a definition's code, as an issue without secrets. */
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
  if (test === undefined) return { ok: true, message: 'This destination has no test of its connection.' };
  try {
    const result = checkConnection(await test(contextOf(destination, lane, shared)));
    return redactorOf(destination).value(result) as typeof result;
  } catch (error) {
    return { ok: false, issue: bug(destination, error) };
  }
}

async function choices(
  destination: ResolvedDestination,
  {
    action,
    field,
    question,
  }: { readonly action: string; readonly field: string; readonly question: DynamicQuestion },
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<DynamicAnswer> {
  const known = destination.destination.actions;
  const read = Object.hasOwn(known, action) ? known[action]?.dynamicFields?.[field] : undefined;
  if (read === undefined) {
    const message = `The field "${field}" of "${action}" has no choices that are read from the account.`;
    return { error: { code: 'request_not_found', path: field, message } };
  }
  try {
    const answer = checkChoices(await read(contextOf(destination, lane, shared), question));
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
    const context = Object.freeze({ ...contextOf(destination, lane, shared), memory });
    const outcome = checkOutcome(await erase(context, who));
    // What an action remembers of the user goes with the user.
    const forgotten = writes();
    if (forgotten.length > 0) state.settle({ destination: destination.id, memory: forgotten });
    return cleanOutcome(outcome, redactorOf(destination));
  } catch (error) {
    return retry('destination_bug', bug(destination, error).message);
  }
}
