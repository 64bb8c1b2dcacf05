import type { Topic } from '@waybill/api';
import type { CompiledTrigger } from '@waybill/core';
import {
  type LaneHold,
  type Log,
  type Standing,
  standingsOf,
  type State,
  type StepReport,
} from '@waybill/delivery';
import type { Refusals } from '@waybill/ingest';
import { type Allowance, createAllowance } from './allowance.ts';
import { createOutcomeSums, type OutcomeSums } from './outcome-sums.ts';

/** A message to followers. */
export interface LiveMessage {
  /** A topic, or `skipped`: rows of a topic that were left out. */
  readonly kind: Topic | 'skipped';
  readonly data: unknown;
  /** The position of the log to continue from. */
  readonly id?: number;
}

/** A follower. */
export interface Follower {
  readonly topics: ReadonlySet<Topic>;
  /** Selects events; all when absent. */
  readonly where?: CompiledTrigger | undefined;
  /** Only events of this source. */
  readonly sourceId?: string | undefined;
  /** The position of the log to start after. */
  readonly after: number;
  /** Sends a message; false when the previous one is still being sent. */
  readonly tell: (message: LiveMessage) => boolean;
}

/** The status of a destination. */
export interface LiveLane extends Standing {
  readonly hold?: LaneHold;
}

/** The live stream of a server for its followers. */
export interface Live {
  /** Follows until the returned function is called; undefined when there are too many followers. */
  follow(follower: Follower): (() => void) | undefined;
  /** Signals stored events. Cheap; does nothing without followers. */
  stored(): void;
  step(step: StepReport): void;
  stop(): void;
}

/** The limits of followers. */
export const LIVE_LIMITS = {
  followers: 20,
  /** The burst and refill of rows: at most 50 per second. */
  rows: 25,
  /** The burst and refill of inspected events. */
  looks: 500,
  /**
   * The milliseconds between two polls of the log: nine times the duration of a poll, within these bounds, so that polling
   * costs at most a tenth of the time.
   */
  shortest: 5,
  longest: 100,
  /** The milliseconds of pauses that may be skipped after a quiet time: the first events are shown at once. */
  burst: 50,
  /** The milliseconds until the next poll after an overflow: rendering rows costs the client each time. */
  flooded: 1_000,
  /** The milliseconds between two polls of what does not signal changes. */
  slow: 1_000,
};

/** The maximum number of characters of events per read. */
const CHUNK_BYTES = 512 * 1024;

/** The inputs of the live stream. */
export interface LiveInput {
  readonly log: Pick<Log, 'read' | 'lastSeq'>;
  readonly state: Pick<State, 'stats'>;
  readonly refusals: Pick<Refusals, 'added' | 'list'>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

interface Following extends Follower {
  /** The last position that was sent to it. */
  seen: number;
  refusals: number;
  readonly lanes: Map<string, string>;
  readonly outcomes: OutcomeSums;
  readonly rows: Allowance;
  readonly looks: Allowance;
}

/** Creates the live stream of a log and a state; without followers, nothing is read or stored. */
export function createLive(input: LiveInput): Live {
  const { log, state, refusals, now } = input;
  const followers = new Set<Following>();
  /** By destination and partition. */
  const holds = new Map<string, ReadonlyMap<number, LaneHold>>();
  let next: NodeJS.Timeout | undefined;
  let mayLookAt = 0;
  let slow: NodeJS.Timeout | undefined;
  let [looking, again] = [false, false];

  const look = async (): Promise<void> => {
    next = undefined;
    looking = true;
    again = false;
    const began = now();
    let skipped = 0;
    try {
      const last = await log.lastSeq();
      for (const one of followers) if (one.topics.has('events')) skipped += await tellEvents(log, one, last);
      for (const one of followers) if (one.topics.has('outcomes')) tellOutcomes(one);
    } catch (error) {
      input.onError(error);
    }
    const { shortest, longest, burst, flooded } = LIVE_LIMITS;
    const ended = now();
    const pause = Math.min(longest, Math.max(shortest, 9 * (ended - began)));
    mayLookAt = skipped > 0 ? ended + flooded : Math.max(Math.min(mayLookAt, ended), ended - burst) + pause;
    looking = false;
    if (again) soon();
  };
  /** Polls at once after a quiet time, otherwise after a short pause. */
  const soon = (): void => {
    if (followers.size === 0) return;
    if (looking) again = true;
    if (looking || next !== undefined) return;
    // A clock that was set back must not delay.
    const wait = Math.max(0, Math.min(LIVE_LIMITS.flooded, mayLookAt - now()));
    if (wait === 0) void look();
    else next = setTimeout(() => void look(), wait);
  };
  const lookSlowly = async (): Promise<void> => {
    try {
      for (const one of followers) if (one.topics.has('refusals')) tellRefusals(refusals, one);
      if ([...followers].some(({ topics }) => topics.has('lanes'))) await lookAtLanes();
      soon();
    } catch (error) {
      input.onError(error);
    }
  };
  const lookAtLanes = async (): Promise<void> => {
    const { destinations } = await standingsOf({ log, state });
    const lanes = destinations.map((one): LiveLane => {
      const hold = holds.get(one.destination)?.values().next().value;
      return hold === undefined ? one : { ...one, hold };
    });
    for (const one of followers) if (one.topics.has('lanes')) tellLanes(one, lanes);
  };

  return {
    follow(follower) {
      if (followers.size >= LIVE_LIMITS.followers) return undefined;
      const one: Following = {
        ...follower,
        seen: follower.after,
        refusals: refusals.added,
        lanes: new Map(),
        outcomes: createOutcomeSums(),
        rows: createAllowance(LIVE_LIMITS.rows, now),
        looks: createAllowance(LIVE_LIMITS.looks, now),
      };
      followers.add(one);
      slow ??= setInterval(() => void lookSlowly(), LIVE_LIMITS.slow).unref();
      void lookSlowly();
      return () => {
        followers.delete(one);
        if (followers.size > 0) return;
        clearInterval(slow);
        slow = undefined;
      };
    },
    stored: soon,
    step(step) {
      const { destination, partition = 0, hold } = step;
      const others = [...(holds.get(destination) ?? [])].filter(([one]) => one !== partition);
      if (hold !== undefined) others.push([partition, hold]);
      if (others.length === 0) holds.delete(destination);
      else holds.set(destination, new Map(others));
      if (followers.size === 0) return;
      for (const { topics, outcomes } of followers) if (topics.has('outcomes')) outcomes.add(step);
      soon();
    },
    stop() {
      followers.clear();
      clearInterval(slow);
      clearTimeout(next);
    },
  };
}

/**
 * Sends the events up to a position: as many as the limits allow; of the others, their number. When there are too many to
 * inspect, the latest are inspected. Resolves with the number of the others.
 */
async function tellEvents(log: LiveInput['log'], one: Following, last: number): Promise<number> {
  // The position may belong to another log.
  const seen = Math.min(one.seen, last);
  const looks = one.looks.take(last - seen);
  const from = last - looks;
  const events = looks === 0 ? [] : await log.read({ after: from, limit: looks, maxBytes: CHUNK_BYTES });
  let skipped = from - seen;
  for (const event of events) {
    if (event.damage !== undefined || one.where?.(event.event) === false) continue;
    if (one.sourceId !== undefined && event.sourceId !== one.sourceId) continue;
    const isTold = one.rows.take(1) === 1 && one.tell({ kind: 'events', data: event, id: event.seq });
    if (!isTold) skipped += 1;
  }
  const end = events.at(-1);
  one.seen = end === undefined ? last : (end.through ?? end.seq);
  if (skipped > 0) one.tell({ kind: 'skipped', data: { topic: 'events', skipped }, id: one.seen });
  return skipped;
}

function tellOutcomes({ outcomes, rows, tell }: Following): void {
  // What cannot be sent now is added to the next message: sums do not grow in number.
  for (const sum of outcomes.take(rows.take(outcomes.size))) tell({ kind: 'outcomes', data: sum });
}

function tellRefusals(refusals: LiveInput['refusals'], one: Following): void {
  const fresh = refusals.added - one.refusals;
  one.refusals = refusals.added;
  if (fresh === 0) return;
  const rows = refusals.list(one.rows.take(Math.min(fresh, LIVE_LIMITS.rows)));
  for (const row of rows.toReversed()) one.tell({ kind: 'refusals', data: row });
  const skipped = fresh - rows.length;
  if (skipped > 0) one.tell({ kind: 'skipped', data: { topic: 'refusals', skipped } });
}

/** Sends the lanes that changed since the last message. */
function tellLanes({ lanes: told, tell }: Following, lanes: readonly LiveLane[]): void {
  for (const lane of lanes) {
    const text = JSON.stringify(lane);
    if (told.get(lane.destination) === text) continue;
    if (tell({ kind: 'lanes', data: lane })) told.set(lane.destination, text);
  }
}
