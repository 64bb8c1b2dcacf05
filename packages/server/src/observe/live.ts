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

/** Something that whoever follows is told. */
export interface LiveMessage {
  /** A topic, or `skipped`: rows of a topic that were left out. */
  readonly kind: Topic | 'skipped';
  readonly data: unknown;
  /** The position of the log from which on to follow again. */
  readonly id?: number;
}

/** Who follows. */
export interface Follower {
  readonly topics: ReadonlySet<Topic>;
  /** Which events; all when absent. */
  readonly where?: CompiledTrigger | undefined;
  /** Events of this source alone. */
  readonly sourceId?: string | undefined;
  /** The position of the log after which to begin. */
  readonly after: number;
  /** Takes a message; false when the one before is still on its way. */
  readonly tell: (message: LiveMessage) => boolean;
}

/** How a destination is doing. */
export interface LiveLane extends Standing {
  readonly hold?: LaneHold;
}

/** What happens in a server, as it happens, for those who follow it. */
export interface Live {
  /** Follows until what is returned is called; undefined when too many follow. */
  follow(follower: Follower): (() => void) | undefined;
  /** Events were stored. Cheap; nobody is told anything that nobody follows. */
  stored(): void;
  step(step: StepReport): void;
  stop(): void;
}

/** How many may follow, and what is done for each of them. */
export const LIVE_LIMITS = {
  followers: 20,
  /** Rows at once, and as many again a second later: 50 within a second at most. */
  rows: 25,
  /** Events that are inspected, at once and a second. */
  looks: 500,
  /**
   * Milliseconds between two polls of the log: nine times what a look took, within these, so that looking costs a tenth of the time at
   * most.
   */
  shortest: 5,
  longest: 100,
  /** Milliseconds of such pauses that may be left out after a quiet time: the first events are shown at once. */
  burst: 50,
  /** Milliseconds until the next look when there was more than may be told: whoever shows the rows pays for each time they come. */
  flooded: 1_000,
  /** Milliseconds between two polls of what is not told of when it changes. */
  slow: 1_000,
};

/** Characters of events that are read in one go. */
const CHUNK_BYTES = 512 * 1024;

/** What is followed. */
export interface LiveInput {
  readonly log: Pick<Log, 'read' | 'lastSeq'>;
  readonly state: Pick<State, 'stats'>;
  readonly refusals: Pick<Refusals, 'added' | 'list'>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

interface Following extends Follower {
  /** The position that it was told of last. */
  seen: number;
  refusals: number;
  readonly lanes: Map<string, string>;
  readonly outcomes: OutcomeSums;
  readonly rows: Allowance;
  readonly looks: Allowance;
}

/** Follows a log and a state for those who want to know; nothing is read, and nothing kept, while nobody does. */
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
  /** Looks at once after a quiet time, and else when a little time has passed since. */
  const soon = (): void => {
    if (followers.size === 0) return;
    if (looking) again = true;
    if (looking || next !== undefined) return;
    // A clock that was set back does not keep anybody waiting.
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
 * Tells the events up to a position: as many as may be inspected and told; of the others, how many there were. When there are too many
 * to look at, those are inspected that came last. Resolves with the number of the others.
 */
async function tellEvents(log: LiveInput['log'], one: Following, last: number): Promise<number> {
  // The position may be one of another log.
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
  // What cannot be told now is told with what comes next: sums do not become more.
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

/** Tells of the lanes that are not as they were when they were told last. */
function tellLanes({ lanes: told, tell }: Following, lanes: readonly LiveLane[]): void {
  for (const lane of lanes) {
    const text = JSON.stringify(lane);
    if (told.get(lane.destination) === text) continue;
    if (tell({ kind: 'lanes', data: lane })) told.set(lane.destination, text);
  }
}
