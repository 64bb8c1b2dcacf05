import { isHistorical, orderKey } from '@waybill/core';
import type { LoggedEvent } from '../stores/log.ts';
import type { Chunk } from './prefetch.ts';

/** The events to process now, in order: two parallel lists avoid an object per event. */
export interface Due {
  /** Newly read events, and positions of waiting ones. */
  readonly events: (LoggedEvent | number)[];
  /** The prepared result of each, if any. */
  readonly prepared: Chunk['prepared'][number][];
}

/** The start of a lane with an epoch of its lease. */
export interface PastStart {
  readonly epoch: number;
  /** Everything up to here is processed. */
  readonly cursor: number;
  /** An earlier holder may have processed events up to here. */
  readonly reached: number;
}

/** Events that a lane has read but not processed: historical events, which wait while there are live ones. */
export interface Past {
  begin(start: PastStart): void;
  /** Resets, because a step did not finish and the position may have changed. */
  forget(): void;
  /** Whether this is the position of the lane under an epoch. */
  isAt(epoch: number, cursor: number): boolean;
  /** The position from which the lane continues to read. */
  ahead(): number;
  /** Whether an earlier holder may have processed something after a position. */
  isKnownAfter(seq: number): boolean;
  size(): number;
  /**
   * Adds events that were read up to `end`. Historical ones wait, except those before a live event of the same user, which
   * precede it. Adds due events to `due`.
   */
  enter(
    chunk: Chunk,
    input: {
      readonly end: number;
      readonly isFor: (logged: LoggedEvent) => boolean;
      readonly done: ReadonlySet<number>;
      readonly due: Due;
    },
  ): void;
  /** Moves the oldest waiting events to `due`. */
  take(count: number, due: Due): void;
  /** Removes everything up to a position; the lane continues after it. */
  leave(through: number): readonly number[];
  /** The cursor to write: everything up to it is processed, or being processed. */
  cursor(): number;
}

function addTo(due: Due, event: LoggedEvent | number, prepared: Due['prepared'][number]): void {
  due.events.push(event);
  due.prepared.push(prepared);
}

/** Creates the historical events of a lane. */
export function createPast(): Past {
  /** Users by waiting position, ascending; and the positions of each user. */
  const waiting = new Map<number, string>();
  const users = new Map<string, number[]>();
  let epoch: number | undefined;
  let reached = 0;
  let ahead = 0;
  let written = 0;

  const add = (seq: number, user: string): void => {
    waiting.set(seq, user);
    const own = users.get(user);
    if (own === undefined) users.set(user, [seq]);
    else own.push(seq);
  };
  const remove = (seq: number, user: string): void => {
    waiting.delete(seq);
    const rest = users.get(user)!;
    // Oldest first.
    rest.splice(rest.indexOf(seq), 1);
    if (rest.length === 0) users.delete(user);
  };
  const takeBefore = (user: string, due: Due): void => {
    for (const seq of users.get(user) ?? []) {
      waiting.delete(seq);
      addTo(due, seq, undefined);
    }
    users.delete(user);
  };

  return {
    begin(at) {
      waiting.clear();
      users.clear();
      ({ epoch, reached } = at);
      ahead = written = at.cursor;
    },
    forget() {
      // A step may be running: waiting events count for its cursor.
      epoch = undefined;
    },
    isAt: (one, cursor) => epoch === one && written === cursor,
    ahead: () => ahead,
    isKnownAfter: (seq) => seq < reached,
    size: () => waiting.size,
    enter({ events, prepared }, { end, isFor, done, due }) {
      for (let at = 0; at < events.length; at += 1) {
        const logged = events[at]!;
        if (done.has(logged.seq)) continue;
        // Unreadable events have no user, and are reported at once.
        const isPast = logged.damage === undefined && isHistorical(logged.event);
        if (!isFor(logged) && isPast) continue;
        if (isPast) add(logged.seq, orderKey(logged.event));
        else {
          if (users.size > 0 && logged.damage === undefined && isFor(logged))
            takeBefore(orderKey(logged.event), due);
          addTo(due, logged, prepared[at]);
        }
      }
      ahead = Math.max(ahead, end);
    },
    take(count, due) {
      let left = count;
      for (const [seq, user] of waiting) {
        if (left-- <= 0) break;
        remove(seq, user);
        addTo(due, seq, undefined);
      }
    },
    leave(through) {
      const left: number[] = [];
      for (const [seq, user] of waiting) {
        if (seq > through) break;
        remove(seq, user);
        left.push(seq);
      }
      ahead = Math.max(ahead, through);
      return left;
    },
    cursor() {
      const [first] = waiting.keys();
      written = first === undefined ? ahead : first - 1;
      return written;
    },
  };
}
