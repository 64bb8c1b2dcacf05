import { createLaneMemory } from '../delta/lane-memory.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { type Compiled, setUp } from './compile.ts';
import { createDetachedCalls } from './detached-calls.ts';
import type { LaneStatus } from './engine.ts';
import type { LaneShared } from './lane-shared.ts';
import { createLoop } from './loop.ts';
import { createNewEvents } from './new-events.ts';
import { createRetries } from './retries.ts';
import { createSettlementQueue } from './settlement-queue.ts';
import type { LaneContext } from './step.ts';

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

/** A lane; it begins where its cursor in the state is. */
export function createLane(first: Compiled, shared: LaneShared): Lane {
  const { log, state, now, logger } = shared;
  const destination = first.destination.id;
  const memory = createLaneMemory(state, destination);
  const breaker = createCircuitBreaker({ destination, policy: shared.policy, random: shared.random, logger });
  const queue = createSettlementQueue({ destination, shared, memory, breaker });
  const wake = (): void => {
    newLoop.wake();
    retryLoop.wake();
  };
  const detached = createDetachedCalls(wake, (error) =>
    logger.error({ destination, err: error }, 'The answer to a slow call could not be dealt with.'),
  );
  first.kept.adopt();
  let setup = setUp(first, memory, shared);
  let stopping = new AbortController();
  let started = false;

  const context: LaneContext = {
    destination,
    shared,
    memory,
    breaker,
    detached,
    queue,
    setup: () => setup,
    started: () => started,
    signal: () => stopping.signal,
    wake,
  };
  const newEvents = createNewEvents(context);
  const retries = createRetries(context);
  const heldUntil = (): number | undefined => breaker.current()?.until;
  const newLoop = createLoop({ name: destination, step: newEvents.step, until: heldUntil, now, logger });
  const nextTry = (): number | undefined => heldUntil() ?? state.nextDue(destination);
  const retryLoop = createLoop({ name: destination, step: retries.step, until: nextTry, now, logger });

  return {
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
    expire(through) {
      newEvents.expire(through);
      newLoop.wake();
    },
    async stop() {
      started = false;
      stopping.abort();
      newEvents.clear();
      await Promise.all([newLoop.stop(), retryLoop.stop()]);
      await queue.catchUp();
      await detached.done();
    },
    quiet() {
      if (!setup.compiled.destination.enabled) return true;
      if (newLoop.busy() || retryLoop.busy() || detached.count() > 0 || queue.pending()) return false;
      return queue.cursor() >= log.lastSeq() && state.waiting(destination) === 0;
    },
    compiled: () => setup.compiled,
    status() {
      const cursor = state.cursor(destination) ?? 0;
      const hold = breaker.current();
      const { enabled } = setup.compiled.destination;
      const lag = Math.max(0, log.lastSeq() - cursor);
      return { destination, enabled, cursor, lag, ...(hold === undefined ? {} : { hold }) };
    },
  };
}
