import { isHistorical, orderKey } from '@waybill/core';
import type { LoggedEvent } from '../stores/log.ts';
import type { Chunk } from './prefetch.ts';

/** What is dealt with now, in its order: two lists, as an object for each event would be made and thrown away. */
export interface Due {
  /** Events that were just read, and positions of those that have waited. */
  readonly events: (LoggedEvent | number)[];
  /** What was made of each already. */
  readonly prepared: Chunk['prepared'][number][];
}

/** Where a lane begins with an epoch of its lease. */
export interface PastStart {
  readonly epoch: number;
  /** Up to here everything has been dealt with. */
  readonly cursor: number;
  /** Up to here something may have been dealt with by an earlier holder. */
  readonly reached: number;
}

/** What a lane has read and not dealt with: events of a back-fill, which wait for as long as there are live ones. */
export interface Past {
  begin(start: PastStart): void;
  /** The lane may stand elsewhere: a step did not come to its end. */
  forget(): void;
  /** Whether this is where the lane stands: what is written of it under an epoch is this cursor. */
  isAt(epoch: number, cursor: number): boolean;
  /** Where the lane reads on. */
  ahead(): number;
  /** Whether an earlier holder may have dealt with something behind a position. */
  isKnownAfter(seq: number): boolean;
  size(): number;
  /**
   * Takes in what was read up to `end`. What is of the past waits, but for what comes before a live event of the same user: that
   * goes before it. Adds to `due` what is due now.
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
  /** Adds the oldest that wait to `due`: they do not wait any more. */
  take(count: number, due: Due): void;
  /** Takes out all up to a position; the lane reads on behind it. */
  leave(through: number): readonly number[];
  /** The cursor to be written: everything up to it has been dealt with, or is being. */
  cursor(): number;
}

function addTo(due: Due, event: LoggedEvent | number, prepared: Due['prepared'][number]): void {
  due.events.push(event);
  due.prepared.push(prepared);
}

/** The past of one lane. */
export function createPast(): Past {
  /** Users by the positions of what waits, ascending; and the positions of each user. */
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
    // The oldest goes first.
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
      // A step may be under way: what waits counts for its cursor.
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
        // What nobody can read is nobody's, and is told of at once.
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
