import { createPipeline, type Pipeline, type ResolvedDestination } from '@waybill/core';
import { createLaneMemory } from '../delta/lane-memory.ts';
import { createScreen } from '../delta/screen.ts';
import type { Gate, Governor } from '../governor/governor.ts';
import type { Redactor } from '../request/redact.ts';
import { createRequest } from '../request/request.ts';
import type { Transport } from '../request/transport.ts';
import { accountOf, type Kept, openKept, type SealingBox } from '../instance/kept.ts';
import type { EventLog, LoggedEvent, Settlement, StateStore } from '../store/port.ts';
import { type ChunkPlace, createAhead } from './ahead.ts';
import { completion } from './complete.ts';
import type { EngineLogger, LaneLimits, LaneStatus, RetryPolicy, StepReport } from './engine.ts';
import { createHold } from './hold.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLateCalls } from './late.ts';
import { HOLDING } from './policy.ts';
import { type Answered, type Delivered, isRetry, type LateCall, sendInOrder } from './send.ts';
import { createLoop, type Loop } from './loop.ts';
import { redactorOf, secretsOf } from './secrets.ts';
import { createShares } from './shares.ts';
import { dueRows, prepareEvents, prepareRows } from './steps.ts';
import type { Work } from './work.ts';

/** What all lanes share. */
export interface LaneShared {
  readonly log: EventLog;
  readonly state: StateStore;
  readonly now: () => number;
  readonly random: () => number;
  readonly logger: EngineLogger;
  readonly policy: RetryPolicy;
  readonly limits: LaneLimits;
  readonly transport: Transport;
  readonly governor: Governor;
  readonly box: SealingBox | undefined;
  readonly nextExchangeId: () => number;
  readonly onStep: (step: StepReport) => void;
}

/** A destination, compiled. */
export interface Compiled {
  readonly destination: ResolvedDestination;
  readonly pipeline: Pipeline;
  readonly sources: ReadonlySet<string> | undefined;
  readonly redactor: Redactor;
  /** What its instance keeps, and what the definition has made of it. */
  readonly kept: Kept;
  readonly instance: unknown;
}

/** The lane of one destination: reads the log behind its own cursor and never waits for another lane. */
export interface Lane {
  /** Takes over a changed destination; the steps under way end with the old one. */
  replace(compiled: Compiled): void;
  start(): void;
  wake(): void;
  /** Gives up what was not dealt with up to a position, between two steps. */
  expire(through: number): void;
  stop(): Promise<void>;
  /** Whether the whole log is dealt with and nothing waits; a disabled lane is always quiet. */
  quiet(): boolean;
  status(): LaneStatus;
  /** The destination in force. */
  compiled(): Compiled;
}

/** A step whose results are written a little later. */
interface Unsettled {
  /** Where the lane will stand then. */
  readonly cursor: number;
  readonly settle: () => Promise<boolean>;
  settling?: Promise<boolean>;
}

/**
 * Compiles a destination; throws when a trigger or mapping cannot be compiled, or the instance not be opened. What it has in
 * common with `before` it goes on with: an edit of a mapping must not forget what the instance knows.
 */
export function compileLane(
  destination: ResolvedDestination,
  shared: Pick<LaneShared, 'state' | 'box' | 'logger'> & { readonly fresh?: boolean },
  before?: Compiled,
): Compiled {
  const { id, destination: definition, settings } = destination;
  const { state, box, logger, fresh = false } = shared;
  const account = accountOf(destination);
  const onError = (error: unknown): void =>
    logger.error({ lane: id, err: error }, 'What the destination has learned could not be kept.');
  const kept =
    before?.kept.account === account
      ? before.kept
      : openKept({ state, lane: id, account, box, fresh, onError });
  const goesOn =
    before?.kept === kept &&
    before.destination.destination === definition &&
    JSON.stringify(before.destination.settings) === JSON.stringify(settings);
  return {
    destination,
    pipeline: createPipeline(destination),
    sources: destination.sources === undefined ? undefined : new Set(destination.sources),
    redactor: redactorOf(destination),
    kept,
    instance: goesOn ? before.instance : definition.open?.(settings, kept.own),
  };
}

/** Lanes of one account share its limits, whatever the lanes are called. */
function gateOf({ destination, kept }: Compiled, { governor }: LaneShared): Gate {
  const { destination: definition, settings } = destination;
  const { rateLimits, readRateLimit } = definition;
  return governor.gate({
    credential: `${definition.slug} ${JSON.stringify(secretsOf(destination))}`,
    limits: rateLimits?.(settings) ?? [],
    kept: kept.learned,
    ...(readRateLimit === undefined ? {} : { read: readRateLimit }),
  });
}

/** Milliseconds that calls need to get onto the wire, once the loop has turned. */
const WRITING = 2;

/** Resolves when calls that were just begun are on the wire, so that work does not hold them up. */
function written(): Promise<void> {
  return new Promise((resolve) => void setImmediate(() => setTimeout(resolve, WRITING)));
}

/** A lane; it begins where its cursor in the state is. */
export function createLane(first: Compiled, shared: LaneShared): Lane {
  const { log, state, now, limits } = shared;
  const lane = first.destination.id;
  const hold = createHold(shared.policy, shared.random);
  const memory = createLaneMemory(state, lane);
  let compiled = first;
  first.kept.adopt();
  let screen = createScreen(first.destination, memory, now);
  let gate = gateOf(first, shared);
  let stopping = new AbortController();
  let started = false;
  /** Users whose rows are tried before their time, once: a changed configuration may have mended what failed. */
  let hurried = new Set<string>();
  /** The hold whose probe new events have had. */
  let probed: number | undefined;
  const shares = createShares(limits.events);
  const ahead = createAhead(({ after, limit }) => log.read(after, limit, limits.bytes));
  /** A step of which everything has ended, to be written while the next one is on its way. */
  let unsettled: Unsettled | undefined;
  /** Up to where the backlog is to be given up. */
  let givenUp: number | undefined;

  const late = createLateCalls(
    () => {
      newLoop.wake();
      retryLoop.wake();
    },
    (error) =>
      shared.logger.error({ lane, err: error }, 'The answer to a slow call could not be dealt with.'),
  );

  const enabled = (): boolean => started && compiled.destination.enabled;
  const cursor = (): number => state.cursor(lane) ?? 0;

  const ledgerFor = (using: Compiled): Ledger =>
    createLedger({
      lane,
      now: now(),
      random: shared.random,
      policy: shared.policy,
      redactor: using.redactor,
      keptExchanges: limits.exchanges,
    });
  const send = (works: readonly Work[], using: Compiled): Promise<Delivered> => {
    const { signal } = stopping;
    const through = gate;
    return sendInOrder(works, {
      pipeline: using.pipeline,
      settings: using.destination.settings,
      instance: using.instance,
      now,
      concurrency: limits.calls,
      patience: limits.patience,
      mayLeave: (calls) => late.count() + calls <= limits.calls,
      nextExchangeId: shared.nextExchangeId,
      redactor: using.redactor,
      memory,
      complete: completion(using.destination, memory.recall),
      screen,
      createRequest: () =>
        createRequest({
          transport: shared.transport,
          redactor: using.redactor,
          now,
          timeoutMs: limits.timeout,
          turn: (call) => through.take(call, signal),
        }),
    });
  };
  /** Enters what came back. */
  const enter = (delivered: Answered, ledger: Ledger): void => {
    const before = hold.current();
    const health = hold.learn(delivered.sent, now());
    const after = hold.current();
    if (after !== undefined && before === undefined) {
      // To be asked for fewer calls is the normal way of a limit that others share.
      const level = after.code === 'destination_rate_limited' ? 'info' : 'warn';
      shared.logger[level](
        { lane, code: after.code, reason: after.message },
        'The destination does not work; the lane holds its place.',
      );
    } else if (after === undefined && before !== undefined) {
      shared.logger.info({ lane }, 'The destination works again.');
    }
    ledger.sent(delivered.sent, delivered.exchanges, health);
    ledger.remember(delivered.memory, delivered.conflicts);
  };
  const report = (
    outcomes: StepReport['outcomes'],
    settlement: Settlement,
    loop: Loop,
    rest: Omit<StepReport, 'lane' | 'outcomes' | 'durationMs'> & { readonly started: number },
  ): Promise<boolean> =>
    loop
      .persist(() => state.settle(settlement))
      .then((settled) => {
        memory.unstage(settlement.memory ?? []);
        if (!settled) return false;
        const current = hold.current();
        shared.onStep({
          lane,
          events: rest.events,
          outcomes,
          calls: rest.calls,
          durationMs: performance.now() - rest.started,
          ...(current === undefined ? {} : { hold: current }),
        });
        return true;
      });
  /** A function of its own, so that the events and payloads of the step are not kept along with its results. */
  const settleLater = (...step: Parameters<typeof report>): Unsettled => ({
    cursor: step[1].cursor ?? 0,
    settle: () => report(...step),
  });
  const follow = (calls: readonly LateCall[], using: Compiled, settled: Promise<boolean>): void =>
    late.follow(calls, settled, (answered, started) => {
      const ledger = ledgerFor(using);
      enter(answered, ledger);
      const step = { events: 0, calls: answered.calls, started };
      return report(ledger.outcomes, ledger.settlement(), newLoop, step);
    });

  /** Writes the step before, if that has been left for later; false when it was not possible. */
  const catchUp = async (): Promise<boolean> => {
    const before = unsettled;
    if (before === undefined) return true;
    const settled = await (before.settling ??= before.settle());
    if (unsettled === before) unsettled = undefined;
    return settled;
  };
  /** What is done while calls are on their way; false when the step before could not be written. */
  const meanwhile = async (next: ChunkPlace | undefined): Promise<boolean> => {
    if (unsettled === undefined && next === undefined) return true;
    await written();
    if (!(await catchUp())) return false;
    try {
      if (next !== undefined) ahead.make(next);
    } catch {
      // The step itself will find the same, and say so.
    }
    return true;
  };

  /** Damage is for a person to look into, whatever became of the events. */
  const tellDamage = (events: readonly LoggedEvent[]): void => {
    const [first, ...others] = events.filter(({ damage }) => damage !== undefined);
    if (first === undefined) return;
    const { seq, through = seq, damage } = first;
    shared.logger.error(
      { lane, seq, through, others: others.length, damage },
      'The log is damaged: what cannot be read was set aside. Check the disk.',
    );
  };
  /** Moves the cursor over what is given up; the range says of each of its events what became of it. */
  const giveUp = async (loop: Loop): Promise<void> => {
    const through = givenUp;
    givenUp = undefined;
    if (through === undefined || !started || !(await catchUp())) return;
    const seq = cursor() + 1;
    const events = through - seq + 1;
    if (events <= 0) return;
    ahead.clear();
    const code = 'event_expired';
    shared.logger.error(
      { lane, events, from: seq, through },
      'The destination is too far behind: its oldest events were given up.',
    );
    const outcomes = [{ mappingId: '', status: 'rejected', code, count: events }] as const;
    const settlement = { lane, cursor: through, gaps: [{ lane, seq, through, code, at: now() }] } as const;
    await report(outcomes, settlement, loop, { events: 0, calls: [], started: performance.now() });
  };

  /** New events; false when there is nothing to do now. */
  const readNew = async (loop: Loop): Promise<boolean> => {
    let more = false;
    await giveUp(loop);
    try {
      more = await sendNew(loop);
    } finally {
      // No step comes after it that would.
      if (!more) await catchUp();
    }
    return more;
  };
  const sendNew = async (loop: Loop): Promise<boolean> => {
    if (!enabled() || hold.blocks(now())) return false;
    const parked = new Set(state.waiting(lane) === 0 ? [] : state.parkedKeys(lane));
    if (parked.size >= limits.parkedUsers) return false;
    const held = hold.current();
    // With refused credentials the waiting rows are the probe; new events would only pile up behind them.
    if (held !== undefined && HOLDING.has(held.code) && parked.size > 0) return false;
    // One probe a time: an event whose user waits is no probe, and the backlog stays in the log.
    if (held !== undefined && probed === held.until) return false;
    const begun = performance.now();
    const using = compiled;
    const { pipeline, sources } = using;
    const place = { after: unsettled?.cursor ?? cursor(), limit: hold.room(limits), pipeline, sources };
    const chunk = ahead.take(place);
    const { events } = chunk;
    const last = events.at(-1);
    if (last === undefined) return false;
    const end = last.through ?? last.seq;
    tellDamage(events);
    probed = held?.until;

    const ledger = ledgerFor(using);
    const works = prepareEvents(
      chunk,
      { ...using, parked, depth: limits.depth, recall: memory.recall },
      ledger,
    );
    // A chunk that was not full is the end of the log; a lane that holds does not know what it will take next.
    const next = held === undefined && events.length === place.limit ? { ...place, after: end } : undefined;
    const [delivered, caughtUp] = await Promise.all([send(works, using), meanwhile(next)]);
    if (!caughtUp) {
      // The engine stops and the disk takes nothing: both steps are done again after the next start.
      memory.unstage(delivered.memory);
      follow(delivered.late, using, Promise.resolve(false));
      return false;
    }
    enter(delivered, ledger);
    for (const work of delivered.unsent) ledger.park(work);
    // Should the process end before the answer, they are tried again after the time that a call may take.
    const later = now() + 2 * limits.timeout;
    for (const call of delivered.late) for (const work of call.works) ledger.park(work, later);
    const settlement = ledger.settlement(end);
    const step = { events: events.length, calls: delivered.calls, started: begun };
    if (next !== undefined && ledger.concluded && hold.current() === undefined) {
      unsettled = settleLater(ledger.outcomes, settlement, loop, step);
      return true;
    }
    const settled = report(ledger.outcomes, settlement, loop, step);
    follow(delivered.late, using, settled);
    await settled;
    retryLoop.wake();
    return true;
  };

  /** Waiting rows that are due; false when there are none. */
  const retryDue = async (loop: Loop): Promise<boolean> => {
    if (!enabled() || hold.blocks(now())) return false;
    const begun = performance.now();
    const limit = hold.room(limits);
    // A probe is due when the hold says so: the rows' own times grow long in an outage.
    const { heads, behind } = dueRows(state, lane, {
      now: hold.current() === undefined ? now() : Number.MAX_SAFE_INTEGER,
      limit,
      hurried,
      flying: late.users,
      shares,
    });
    if (heads.length === 0) return false;
    const using = compiled;
    const ledger = ledgerFor(using);
    const rows = [...heads, ...behind];
    const events = new Map(log.readMany(rows.map((row) => row.seq)).map((one) => [one.seq, one]));
    // The first row of each user goes alone: what is behind it may follow only when it has ended.
    const sentHeads = await send(
      prepareRows(heads, events, { ...using, depth: limits.depth, recall: memory.recall }, ledger),
      using,
    );
    enter(sentHeads, ledger);
    const failed = sentHeads.sent.filter(({ outcome }) => isRetry(outcome)).map(({ work }) => work);
    const flown = sentHeads.late.flatMap((call) => call.works);
    const kept = new Set([...sentHeads.unsent, ...failed, ...flown].map((work) => work.orderKey));
    const open = hold.blocks(now()) ? [] : behind.filter((row) => !kept.has(row.orderKey));
    const works = prepareRows(open, events, { ...using, depth: limits.depth, recall: memory.recall }, ledger);
    shares.learn(open, works);
    const sentBehind = await send(works, using);
    enter(sentBehind, ledger);
    if (hold.current() !== undefined) hurried.clear();
    const settled = report(ledger.outcomes, ledger.settlement(), loop, {
      events: 0,
      calls: [...sentHeads.calls, ...sentBehind.calls],
      started: begun,
    });
    follow([...sentHeads.late, ...sentBehind.late], using, settled);
    await settled;
    newLoop.wake();
    return true;
  };

  const nextTry = (): number | undefined => hold.current()?.until ?? state.nextDue(lane);
  const newLoop: Loop = createLoop({
    name: lane,
    step: readNew,
    until: () => hold.current()?.until,
    now,
    logger: shared.logger,
  });
  const retryLoop: Loop = createLoop({
    name: lane,
    step: retryDue,
    until: nextTry,
    now,
    logger: shared.logger,
  });

  return {
    replace(next) {
      if (compiled.kept !== next.kept) compiled.kept.close();
      compiled = next;
      next.kept.adopt();
      gate = gateOf(next, shared);
      screen = createScreen(next.destination, memory, now);
      hold.release();
      hurried = new Set(state.parkedKeys(lane));
      newLoop.wake();
      retryLoop.wake();
    },
    start() {
      started = true;
      stopping = new AbortController();
      newLoop.start();
      retryLoop.start();
    },
    wake() {
      newLoop.wake();
      retryLoop.wake();
    },
    expire(through) {
      givenUp = through;
      newLoop.wake();
    },
    async stop() {
      started = false;
      stopping.abort();
      ahead.clear();
      await Promise.all([newLoop.stop(), retryLoop.stop()]);
      await catchUp();
      await late.done();
    },
    quiet() {
      if (!compiled.destination.enabled) return true;
      if (newLoop.busy() || retryLoop.busy() || late.count() > 0 || unsettled !== undefined) return false;
      return cursor() >= log.lastSeq() && state.waiting(lane) === 0;
    },
    compiled: () => compiled,
    status() {
      const at = cursor();
      const held = hold.current();
      return {
        lane,
        enabled: compiled.destination.enabled,
        cursor: at,
        lag: Math.max(0, log.lastSeq() - at),
        ...(held === undefined ? {} : { hold: held }),
      };
    },
  };
}
