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

/** The step that reads the log behind the cursor of a lane. */
export interface NewEvents {
  /** False when there is nothing to do now. */
  step(loop: Loop): Promise<boolean>;
  /** Has the next step give up what was not dealt with up to a position. */
  expire(through: number): void;
  /** Drops what was read ahead. */
  clear(): void;
}

/** Where a lane stands when a step begins. */
interface StepStart {
  readonly epoch: number;
  readonly held: LaneHold | undefined;
  /** Users with waiting rows. */
  readonly parked: ReadonlySet<string>;
}

/** Milliseconds that calls need to get onto the wire, once the loop has turned. */
const WRITING = 2;

/** Resolves when calls that were just begun are on the wire, so that work does not hold them up. */
function onTheWire(): Promise<void> {
  return new Promise((resolve) => void setImmediate(() => setTimeout(resolve, WRITING)));
}

/** The new events of one lane. */
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
  /** The hold whose probe new events have had. */
  let probed: number | undefined;
  /** Up to where the backlog is to be given up. */
  let givenUp: number | undefined;

  /** Has the lane stand where the state says, if it does not; false when that cannot be told. */
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

  /** What to go by, and behind whose waiting rows new items go; undefined when no new event may be read. */
  const standing = async (): Promise<StepStart | undefined> => {
    const epoch = await lease.hold();
    if (epoch === undefined) return undefined;
    const place = await state.lane(key);
    if (!(await context.begins(epoch, place.cursor))) return undefined;
    const parked = new Set(place.waiting === 0 ? [] : await state.parked(key));
    const held = breaker.current();
    if (!maySend(context) || parked.size >= limits.parkedUsers) return undefined;
    // With refused credentials the waiting rows are the probe; new events would only pile up behind them.
    if (held !== undefined && HOLDING.has(held.code) && parked.size > 0) return undefined;
    // One probe a time: an event whose user waits is no probe, and the backlog stays in the log.
    if (held !== undefined && probed === held.until) return undefined;
    return (await stand(epoch, place.cursor)) ? { epoch, held, parked } : undefined;
  };

  /** What is done while calls are on their way; false when the step before could not be written. */
  const meanwhile = async (next: ChunkStart | undefined): Promise<boolean> => {
    if (!queue.pending() && next === undefined) return true;
    await onTheWire();
    if (!(await queue.catchUp())) return false;
    try {
      if (next !== undefined) await prefetch.make(next);
    } catch {
      // The step itself will find the same, and say so.
    }
    return true;
  };

  /** What was not answered is parked. */
  const parkRest = ({ unsent, detached }: SendResult, settlement: SettlementBuilder): void => {
    for (const work of unsent) settlement.park(work);
    // Should the process end before the answer, they are tried again after the time that a call may take.
    const later = now() + 2 * limits.timeout;
    for (const call of detached) for (const work of call.works) settlement.park(work, later);
  };

  const sendNext = async (loop: Loop): Promise<boolean> => {
    if (!maySend(context)) {
      // A lane that waits for its destination is held on to, so that it has an owner.
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
      // The engine stops and the disk takes nothing: both steps are done again after the next start.
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

  /** Damage is for a person to look into, whatever became of the events. */
  const tellDamage = (events: readonly LoggedEvent[]): void => {
    const [first, ...others] = events.filter(({ damage }) => damage !== undefined);
    if (first === undefined) return;
    const { seq, through = seq, damage } = first;
    shared.logger.error(
      { destination, seq, through, others: others.length, damage },
      'The log is damaged: unreadable events were set aside. Check the disk.',
    );
  };

  /** Moves the cursor over what is given up; the range says of each of its events its outcome. */
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
        // No step comes after it that would.
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
