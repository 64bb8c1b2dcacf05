import { rejected, type ResolvedDestination } from '@waybill/core';
import { createGovernor } from '../governor/governor.ts';
import { createRedactor } from '../request/redact.ts';
import { createRequest } from '../request/request.ts';
import { createTransport } from '../request/transport.ts';
import type { Engine, EngineInput } from './engine.ts';
import { compileLane, createLane, type Lane, type LaneShared } from './lane.ts';
import { LANE_LIMITS, RETRY_POLICY } from './policy.ts';
import { secretsOf } from './secrets.ts';

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
    nextExchangeId: () => (lastExchangeId += 1),
    onStep: (step) => input.onStep?.(step),
  };
  /** Lanes go quiet between two steps, when nobody tells; someone who waits for it looks now and then. */
  const watch = (): void => {
    settleIdlers();
    if (idlers.length > 0) setTimeout(watch, 5);
  };

  return {
    configure(destinations) {
      const compiled = destinations.map((one) => compileLane(one));
      const fresh = state.stats().length === 0;
      for (const one of compiled) {
        const { id } = one.destination;
        if (state.cursor(id) === undefined) {
          state.settle({ lane: id, cursor: fresh ? 0 : log.lastSeq() });
        }
      }
      const ids = new Set(destinations.map((one) => one.id));
      for (const [id, lane] of lanes) {
        if (ids.has(id)) continue;
        lanes.delete(id);
        leaving.set(
          id,
          lane.stop().finally(() => leaving.delete(id)),
        );
      }
      for (const one of compiled) {
        const { id } = one.destination;
        const known = lanes.get(id);
        if (known !== undefined) {
          known.replace(one);
          continue;
        }
        const lane = createLane(one, shared);
        lanes.set(id, lane);
        // A lane of the same name that was just removed may still be in its last step.
        const before = leaving.get(id);
        if (before === undefined) {
          if (running) lane.start();
        } else {
          void before.finally(() => {
            if (running && lanes.get(id) === lane) lane.start();
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
    testConnection: (destination) => testConnection(destination, shared),
  };
}

async function testConnection(
  destination: ResolvedDestination,
  shared: LaneShared,
): ReturnType<Engine['testConnection']> {
  const test = destination.destination.testConnection;
  if (test === undefined) return { ok: true, message: 'This destination has no test of its connection.' };
  const redactor = createRedactor(secretsOf(destination));
  const { request } = createRequest({ transport: shared.transport, redactor, now: shared.now });
  try {
    const result = await test(Object.freeze({ settings: destination.settings, request, now: shared.now }));
    if (result.ok) return result;
    return { ok: false, issue: { ...result.issue, message: redactor.text(result.issue.message) } };
  } catch (error) {
    const message = redactor.text(error instanceof Error ? error.message : String(error));
    return { ok: false, issue: { code: rejected('destination_bug').code, path: '', message } };
  }
}
