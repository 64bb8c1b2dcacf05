import { createLaneMemory } from '../delta/lane-memory.ts';
import type { LaneKey } from '../stores/state.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { type Compiled, setUp } from './compile.ts';
import { createDetachedCalls } from './detached-calls.ts';
import type { LaneStatus } from './engine.ts';
import { createLaneLease } from './lane-lease.ts';
import type { LaneShared } from './lane-shared.ts';
import { createLoop } from './loop.ts';
import { createNewEvents } from './new-events.ts';
import { createRetries } from './retries.ts';
import { createSettlementQueue } from './settlement-queue.ts';
import type { LaneContext } from './step.ts';

/** The lane of one destination and partition: reads the log after its own cursor and never waits for another lane. */
export interface Lane {
  /** Sets the start of a lane without a cursor; while another engine has it, that applies when this one acquires it. */
  begin(at: number): Promise<void>;
  /** Applies a changed destination; current steps end with the old one. */
  replace(compiled: Compiled): void;
  start(): void;
  wake(): void;
  /** Another engine may have released the lane. */
  tryAgain(): void;
  /** Renews the lease of the lane. */
  renew(): Promise<void>;
  /** Releases the lane, if it is not started. */
  leave(): Promise<void>;
  /** Gives up unprocessed events up to a position, between two steps. */
  expire(through: number): void;
  /** Retries waiting items early, for one user or all; probes a failing destination at once. */
  hurry(user?: string): Promise<number>;
  stop(): Promise<void>;
  /** Whether the whole log is processed and nothing waits; a disabled lane is always quiet. */
  quiet(): Promise<boolean>;
  status(): Promise<LaneStatus>;
  /** The current destination. */
  compiled(): Compiled;
}

/** Creates a lane, which starts at its cursor in the state. */
export function createLane(first: Compiled, partition: number, shared: LaneShared): Lane {
  const { log, state, now, logger } = shared;
  const destination = first.destination.id;
  const key: LaneKey = { destination, partition };
  const memory = createLaneMemory(state, destination);
  const breaker = createCircuitBreaker({ destination, policy: shared.policy, random: shared.random, logger });
  const lease = createLaneLease({
    leases: state.leases,
    key,
    holder: shared.holder,
    ttl: shared.leaseMs,
    shared: shared.share !== undefined,
  });
  const kept = (): Promise<void> => setup.compiled.kept.written();
  const queue = createSettlementQueue({ key, shared, memory, breaker, lease, kept });
  const wake = (): void => {
    newLoop.wake();
    retryLoop.wake();
  };
  const detached = createDetachedCalls(wake, (error) =>
    logger.error({ destination, err: error }, 'The answer to a slow call could not be processed.'),
  );
  first.kept.adopt();
  let setup = setUp(first, memory, shared);
  let stopping = new AbortController();
  let started = false;
  /** The start of a lane without a cursor; absent for one that had a cursor. */
  let beginsAt: number | undefined;

  const begins = async (epoch: number, cursor: number | undefined): Promise<boolean> => {
    if (cursor === undefined) {
      if (beginsAt === undefined) return false;
      const answer = await state.settle({ destination, partition, epoch, cursor: beginsAt });
      if (answer === 'stale') lease.lost(epoch);
      if (answer === 'stale') return false;
    }
    beginsAt = undefined;
    return true;
  };
  const context: LaneContext = {
    key,
    shared,
    memory,
    breaker,
    detached,
    queue,
    lease,
    setup: () => setup,
    started: () => started,
    signal: () => stopping.signal,
    wake,
    begins,
  };
  const newEvents = createNewEvents(context);
  const retries = createRetries(context);
  const heldUntil = (): number | undefined => breaker.current()?.until;
  const newLoop = createLoop({ name: destination, step: newEvents.step, until: heldUntil, now, logger });
  const nextTry = (): number | undefined => heldUntil() ?? retries.nextDue();
  const retryLoop = createLoop({ name: destination, step: retries.step, until: nextTry, now, logger });
  const busy = (): boolean => newLoop.busy() || retryLoop.busy() || detached.count() > 0 || queue.pending();

  return {
    async begin(at) {
      beginsAt = at;
      const epoch = await lease.hold();
      if (epoch !== undefined) await begins(epoch, (await state.lane(key)).cursor);
    },
    replace(next) {
      const before = setup.compiled.kept;
      if (before !== next.kept) before.close();
      next.kept.adopt();
      setup = setUp(next, memory, shared);
      breaker.release();
      retries.hurry();
      wake();
    },
    start() {
      started = true;
      stopping = new AbortController();
      newLoop.start();
      retryLoop.start();
    },
    wake,
    tryAgain() {
      lease.tryAgain();
      wake();
    },
    renew: () => lease.renew(),
    leave: async () => (started ? undefined : lease.release()),
    expire(through) {
      newEvents.expire(through);
      newLoop.wake();
    },
    async hurry(user) {
      const users = user === undefined ? await state.parked(key) : [user];
      const rows = user === undefined ? users : await state.retries({ lane: key, user, limit: 1 });
      breaker.probe(now());
      if (rows.length > 0) retries.hurry(user);
      wake();
      return rows.length;
    },
    async stop() {
      started = false;
      stopping.abort();
      newEvents.clear();
      await Promise.all([newLoop.stop(), retryLoop.stop()]);
      await queue.catchUp();
      await detached.done();
      await setup.compiled.kept.written();
      // When the store does not answer, the lease expires.
      await lease.release().catch(() => undefined);
      // The state of the destination may become outdated: it is determined again when the lane is acquired again.
      breaker.release();
    },
    async quiet() {
      if (!setup.compiled.destination.enabled) return true;
      if (busy()) return false;
      const [{ cursor = 0, waiting }, last] = await Promise.all([state.lane(key), log.lastSeq(partition)]);
      return !busy() && cursor >= last && waiting === 0;
    },
    compiled: () => setup.compiled,
    async status() {
      const [place, last] = await Promise.all([state.lane(key), log.lastSeq(partition)]);
      const { cursor = 0, waiting, nextDue } = place;
      const hold = breaker.current();
      const { enabled } = setup.compiled.destination;
      const lag = Math.max(0, last - cursor);
      return {
        destination,
        ...(partition === 0 ? {} : { partition }),
        enabled,
        cursor,
        lag,
        waiting,
        endpoints: setup.gate.endpoints(),
        ...(nextDue === undefined ? {} : { nextDue }),
        ...(hold === undefined ? {} : { hold }),
      };
    },
  };
}
