import type { LaneMemory } from '../delta/lane-memory.ts';
import type { Gate, Turn } from '../governor/governor.ts';
import { createRequest, type RecordedRequest } from '../request/request.ts';
import type { LaneKey } from '../stores/state.ts';
import type { Work } from '../work.ts';
import type { CallResult, DetachedCall } from './call.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Compiled, LaneSetup } from './compile.ts';
import { completion } from './complete.ts';
import type { DetachedCalls } from './detached-calls.ts';
import type { LaneLease } from './lane-lease.ts';
import type { LaneShared } from './lane-shared.ts';
import type { Loop } from './loop.ts';
import { send, type SendResult } from './send.ts';
import type { SettlementQueue } from './settlement-queue.ts';
import { createSettlementBuilder, type SettlementBuilder } from './settlement.ts';

/** The context of the steps of a lane. */
export interface LaneContext {
  readonly key: LaneKey;
  readonly shared: LaneShared;
  readonly memory: LaneMemory;
  readonly breaker: CircuitBreaker;
  readonly detached: DetachedCalls;
  readonly queue: SettlementQueue;
  readonly lease: LaneLease;
  /** The current configuration; a step uses the one it began with. */
  setup(): LaneSetup;
  /** Whether the lane was started and not stopped. */
  started(): boolean;
  /** Aborted when the lane stops: calls no longer wait for their turn. */
  signal(): AbortSignal;
  /** Wakes both loops. */
  wake(): void;
  /**
   * Whether the lane may start from a cursor; initialises a new lane. A lane that has lost its cursor was removed by another
   * process, which this one does not know yet.
   */
  begins(epoch: number, cursor: number | undefined): Promise<boolean>;
}

/** The configuration that a step uses to its end. */
export interface StepBase {
  readonly compiled: Compiled;
  /** The epoch of the lease under which it began. */
  readonly epoch: number;
}

/** Whether a lane may send at this moment. */
export function maySend({ breaker, shared, setup, started }: LaneContext): boolean {
  return started() && setup().compiled.destination.enabled && !breaker.blocks(shared.now());
}

/** Creates the settlement of a new step. */
export function beginSettlement(
  { key, shared }: LaneContext,
  { compiled, epoch }: StepBase,
): SettlementBuilder {
  return createSettlementBuilder({
    key,
    epoch,
    now: shared.now(),
    random: shared.random,
    policy: shared.policy,
    redactor: compiled.redactor,
    versions: compiled.versions,
    keptExchanges: shared.limits.exchanges,
  });
}

/** Sends the prepared items of a step under an epoch. */
export function sendWorks(
  works: readonly Work[],
  setup: LaneSetup,
  { shared, memory, detached, signal, lease }: LaneContext,
  epoch: number,
): Promise<SendResult> {
  const { now, limits, transport, exchangeIds } = shared;
  const { destination, pipeline, instance, redactor } = setup.compiled;
  const stop = signal();
  /**
   * A call that waited, or whose process was suspended, until another engine may have the lane, would come after the calls of
   * that one.
   */
  const turn = async (call: Parameters<Gate['take']>[0]): Promise<Turn> => {
    const given = await setup.gate.take(call, stop);
    if (!given.granted || lease.isSure(epoch)) return given;
    given.done(undefined);
    return { granted: false, aborted: true, waitMs: 0 };
  };
  const newRequest = (): RecordedRequest =>
    createRequest({ transport, redactor, now, timeoutMs: limits.timeout, turn });
  const { compiled } = setup;
  const step = { compiled, shared, createRequest: newRequest, exchangeIds, recall: memory.recall };
  return send(works, {
    pipeline,
    settings: destination.settings,
    instance,
    now,
    concurrency: limits.calls,
    patience: limits.patience,
    mayLeave: (calls) => detached.count() + calls <= limits.calls,
    exchangeIds,
    redactor,
    memory,
    complete: completion(step),
    filter: setup.filter,
    createRequest: newRequest,
  });
}

/** Enters the answers, and updates the health of the destination. */
export function enter(result: CallResult, settlement: SettlementBuilder, context: LaneContext): void {
  const health = context.breaker.learn(result.sent, context.shared.now());
  settlement.sent(result.sent, result.exchanges, health);
  settlement.remember(result.memory, result.conflicts);
}

/** Settles detached calls when they are answered, after the rows of their items were `written`. */
export function settleDetached(
  calls: readonly DetachedCall[],
  written: Promise<boolean>,
  base: StepBase & { readonly loop: Loop },
  context: LaneContext,
): void {
  context.detached.follow(calls, written, (result, started) => {
    const settlement = beginSettlement(context, base);
    enter(result, settlement, context);
    const { outcomes, arrivals } = settlement;
    const ended = { outcomes, arrivals, settlement: settlement.settlement() };
    const step = { events: 0, calls: result.calls, started, ...ended };
    return context.queue.write(step, base.loop);
  });
}
