import type { LoggedEvent } from '../stores/log.ts';
import type { LaneHold } from './engine.ts';
import type { Loop } from './loop.ts';
import { createPast } from './past.ts';
import { HOLDING } from './policy.ts';
import { type ChunkStart, createPrefetch } from './prefetch.ts';
import { enterEvents } from './prepare.ts';
import { leftUpTo, readTurn } from './read-events.ts';
import type { SendResult } from './send.ts';
import type { SettlementBuilder } from './settlement.ts';
import { createShare } from './share.ts';
import { beginSettlement, enter, type LaneContext, maySend, sendWorks, settleDetached } from './step.ts';

/** The step that reads the log after the cursor of a lane. */
export interface NewEvents {
  /** False when there is nothing to do now. */
  step(loop: Loop): Promise<boolean>;
  /** Makes the next step give up unprocessed events up to a position. */
  expire(through: number): void;
  /** Drops prefetched events. */
  clear(): void;
}

/** The position of a lane when a step begins. */
interface StepStart {
  readonly epoch: number;
  readonly held: LaneHold | undefined;
  /** Users with waiting rows. */
  readonly parked: ReadonlySet<string>;
}

/** How long calls need to be written to the network after a turn of the event loop, in milliseconds. */
const WRITING = 2;

/** Resolves when new calls are written to the network, so that work does not delay them. */
function onTheWire(): Promise<void> {
  return new Promise((resolve) => void setImmediate(() => setTimeout(resolve, WRITING)));
}

/** Creates the step for new events of a lane. */
export function createNewEvents(context: LaneContext): NewEvents {
  const { key, shared, memory, breaker, queue, lease } = context;
  const { destination, partition } = key;
  const { log, state, now, limits, suppressed } = shared;
  const prefetch = createPrefetch(
    ({ after, limit }) => log.read({ after, limit, maxBytes: limits.bytes, partition }),
    memory.recall,
  );
  const past = createPast();
  const share = createShare(now);
  const reading = { context, past, share, prefetch };
  /** The pause in which new events were already used as a probe. */
  let probed: number | undefined;
  /** The position up to which the backlog must be given up. */
  let givenUp: number | undefined;

  /** Moves the lane to the position in the state if it differs; false when that cannot be read. */
  const stand = async (epoch: number, cursor = 0): Promise<boolean> => {
    if (past.isAt(epoch, queue.cursor(epoch) ?? cursor)) return true;
    if (!(await queue.catchUp())) return false;
    const [place, last, known] = await Promise.all([
      state.lane(key),
      log.lastSeq(partition),
      state.lastKnown(destination),
    ]);
    past.begin({ epoch, cursor: place.cursor ?? 0, reached: Math.min(last, known) });
    return true;
  };

  /** The base of the step, and the users with waiting rows; undefined when no new event may be read. */
  const standing = async (): Promise<StepStart | undefined> => {
    const epoch = await lease.hold();
    if (epoch === undefined) return undefined;
    const place = await state.lane(key);
    if (!(await context.begins(epoch, place.cursor))) return undefined;
    const parked = new Set(place.waiting === 0 ? [] : await state.parked(key));
    const held = breaker.current();
    if (!maySend(context) || parked.size >= limits.parkedUsers) return undefined;
    // With refused credentials the waiting rows are the probe; new events would only queue behind them.
    if (held !== undefined && HOLDING.has(held.code) && parked.size > 0) return undefined;
    // One probe at a time: an event of a waiting user is not a probe, and the backlog stays in the log.
    if (held !== undefined && probed === held.until) return undefined;
    return (await stand(epoch, place.cursor)) ? { epoch, held, parked } : undefined;
  };

  /** Runs during calls; false when the previous step could not be written. */
  const meanwhile = async (next: ChunkStart | undefined): Promise<boolean> => {
    if (!queue.pending() && next === undefined) return true;
    await onTheWire();
    if (!(await queue.catchUp())) return false;
    try {
      if (next !== undefined) await prefetch.make(next);
    } catch {
      // The step itself will fail in the same way, and report it.
    }
    return true;
  };

  /** Parks unanswered items. */
  const parkRest = ({ unsent, detached }: SendResult, settlement: SettlementBuilder): void => {
    for (const work of unsent) settlement.park(work);
    // If the process ends before the answer, they are retried after the timeout of a call.
    const later = now() + 2 * limits.timeout;
    for (const call of detached) for (const work of call.works) settlement.park(work, later);
  };

  const sendNext = async (loop: Loop): Promise<boolean> => {
    if (!maySend(context)) {
      // A lane that waits for its destination keeps its lease, so that it has an owner.
      if (context.started() && context.setup().compiled.destination.enabled) await lease.hold();
      return false;
    }
    const started = performance.now();
    const at = await standing();
    if (at === undefined) return false;
    const { held, parked, epoch } = at;
    const setup = context.setup();
    const { compiled } = setup;
    const { pipeline, sources } = compiled;
    const start = { limit: breaker.room(limits), pipeline, sources };
    const turn = await readTurn(start, held !== undefined, reading);
    const events = turn.events.length;
    if (events === 0 && !turn.hasRead) return false;
    const { next } = turn;
    const cursor = past.cursor();
    tellDamage(turn.events);
    probed = held?.until;

    const base = { compiled, epoch, loop };
    const settlement = beginSettlement(context, base);
    const input = { sources, parked: new Set([...parked, ...turn.parked]), depth: limits.depth, suppressed };
    const works = enterEvents(turn, input, settlement);
    const [result, caughtUp] = await Promise.all([sendWorks(works, setup, context, epoch), meanwhile(next)]);
    if (!caughtUp) {
      // The engine stops and the disk is full: both steps are repeated after the next start.
      memory.unstage(result.memory);
      settleDetached(result.detached, Promise.resolve(false), base, context);
      past.forget();
      return false;
    }
    enter(result, settlement, context);
    parkRest(result, settlement);
    const { outcomes, arrivals, concluded } = settlement;
    const ended = { outcomes, arrivals, settlement: settlement.settlement(cursor) };
    const step = { events, calls: result.calls, started, ...ended };
    share.learn(events, performance.now() - started);
    const goesOn = next !== undefined || (held === undefined && past.size() > 0);
    if (goesOn && concluded && breaker.current() === undefined) {
      queue.defer(step, loop);
      return true;
    }
    const written = queue.write(step, loop);
    settleDetached(result.detached, written, base, context);
    if (!(await written)) past.forget();
    context.wake();
    return true;
  };

  /** Operators must examine damage, regardless of the events. */
  const tellDamage = (events: readonly LoggedEvent[]): void => {
    const [first, ...others] = events.filter(({ damage }) => damage !== undefined);
    if (first === undefined) return;
    const { seq, through = seq, damage } = first;
    shared.logger.error(
      { destination, seq, through, others: others.length, damage },
      'The log is damaged: unreadable events were set aside. Check the disk.',
    );
  };

  /** Moves the cursor over events that are given up; the range gives each of them its outcome. */
  const giveUp = async (loop: Loop): Promise<void> => {
    const wanted = givenUp;
    givenUp = undefined;
    if (wanted === undefined || !context.started() || !(await queue.catchUp())) return;
    const epoch = await lease.hold();
    if (epoch === undefined) return;
    if (!(await stand(epoch, (await state.lane(key)).cursor))) return;
    if (wanted <= past.cursor()) return;
    prefetch.clear();
    const code = 'event_expired';
    const { gaps, through } = await leftUpTo(wanted, { destination, code, at: now() }, reading);
    const count = gaps.reduce((sum, gap) => sum + gap.through - gap.seq + 1, 0);
    if (count > 0)
      shared.logger.error(
        { destination, events: count, from: gaps[0]?.seq, through },
        'The destination is too far behind: its oldest events were dropped.',
      );
    const outcomes = count === 0 ? [] : ([{ mappingId: '', status: 'rejected', code, count }] as const);
    const settlement = { destination, partition, epoch, cursor: past.cursor(), gaps } as const;
    const started = performance.now();
    const given = { events: 0, calls: [], started, outcomes, arrivals: [], settlement };
    if (!(await queue.write(given, loop))) past.forget();
    if (through === wanted) return;
    givenUp = Math.max(wanted, givenUp ?? 0);
    context.wake();
  };

  return {
    async step(loop) {
      let more = false;
      await giveUp(loop);
      try {
        more = await sendNext(loop);
      } catch (error) {
        past.forget();
        throw error;
      } finally {
        // No later step would do it.
        if (!more) await queue.catchUp();
      }
      return more;
    },
    expire(through) {
      givenUp = through;
    },
    clear() {
      prefetch.clear();
      past.forget();
    },
  };
}
