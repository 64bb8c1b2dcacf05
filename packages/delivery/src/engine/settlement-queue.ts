import type { LaneMemory } from '../delta/lane-memory.ts';
import type { Settlement } from '../stores/rows.ts';
import type { LaneKey } from '../stores/state.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { StepReport } from './engine.ts';
import type { LaneLease } from './lane-lease.ts';
import type { LaneShared } from './lane-shared.ts';
import type { Loop } from './loop.ts';

/** A finished step with unwritten results. */
export interface EndedStep extends Pick<StepReport, 'events' | 'outcomes' | 'calls'> {
  readonly settlement: Settlement;
  /** The arrival times of some delivered items. */
  readonly arrivals: readonly string[];
  /** When it began, by the monotonic clock. */
  readonly started: number;
}

/** Writes the results of steps: at once, or during the calls of the next step. */
export interface SettlementQueue {
  /** The cursor after all pending writes of an epoch; undefined when there are none. */
  cursor(epoch: number): number | undefined;
  /** Whether a step is pending. */
  pending(): boolean;
  /** Writes a step now; false when the loop was stopped before it succeeded, or another engine has taken over the lane. */
  write(step: EndedStep, loop: Loop): Promise<boolean>;
  /** Defers a finished step to `catchUp`. */
  defer(step: EndedStep, loop: Loop): void;
  /** Writes the deferred step; false when that failed. */
  catchUp(): Promise<boolean>;
}

/** The inputs of a settlement queue. */
export interface SettlementQueueInput {
  readonly key: LaneKey;
  readonly shared: Pick<LaneShared, 'state' | 'onStep' | 'logger' | 'now'>;
  readonly lease: LaneLease;
  /** The state of the instance is written before the outcomes that depend on it. */
  readonly kept: () => Promise<void>;
  readonly memory: LaneMemory;
  readonly breaker: CircuitBreaker;
}

/** A deferred step. */
interface PendingSettlement {
  readonly step: EndedStep;
  readonly loop: Loop;
  written?: Promise<boolean>;
}

/** Creates the settlement queue of a lane. */
export function createSettlementQueue(input: SettlementQueueInput): SettlementQueue {
  const { key, shared, memory, breaker, lease } = input;
  const { destination, partition } = key;
  const { state, onStep, logger, now } = shared;
  let pending: PendingSettlement | undefined;

  const write = async (step: EndedStep, loop: Loop): Promise<boolean> => {
    const { settlement, events, outcomes, calls, started, arrivals } = step;
    await input.kept();
    const answer = await loop.persist(() => state.settle(settlement));
    memory.unstage(settlement.memory ?? []);
    if (answer === 'stale') {
      lease.lost(settlement.epoch);
      logger.warn(
        { ...key },
        'Another engine has taken over the lane; results of calls in progress here are not recorded.',
      );
    }
    if (answer !== 'settled') return false;
    const hold = breaker.current();
    const durationMs = performance.now() - started;
    const settled = now();
    const delays = arrivals.map((at) => Math.max(0, settled - Date.parse(at)));
    const held = hold === undefined ? {} : { hold };
    const lane = partition === 0 ? { destination } : { destination, partition };
    onStep({ ...lane, events, outcomes, calls, durationMs, delays, ...held });
    return true;
  };

  return {
    cursor: (epoch) =>
      pending?.step.settlement.epoch === epoch ? pending.step.settlement.cursor : undefined,
    pending: () => pending !== undefined,
    write,
    defer(step, loop) {
      pending = { step, loop };
    },
    async catchUp() {
      const before = pending;
      if (before === undefined) return true;
      const written = await (before.written ??= write(before.step, before.loop));
      if (pending === before) pending = undefined;
      return written;
    },
  };
}
