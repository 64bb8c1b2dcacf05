/** How far a destination has come. */
export interface LanePosition {
  readonly destination: string;
  readonly cursor: number;
  /** Events that wait for it. */
  readonly lag: number;
}

/** How many events of a back-fill may be added now; none, and when to ask again, while it must wait. */
export interface Room {
  readonly events: number;
  readonly waitMs: number;
}

/** Room where nobody waits for anything. */
export const UNLIMITED_ROOM: Room = { events: Infinity, waitMs: 0 };

/** Holds a back-fill back, so that what waits for destinations stays within bounds, and that live events are taken in without delay. */
export interface Pace {
  room(): Promise<Room>;
  /** A live event has come in. */
  live(): void;
}

/** What is known of a destination. */
interface Lane {
  cursor: number;
  /** When the cursor was seen to move, or nothing to wait; and when it was looked at last. */
  movedAt: number;
  seenAt: number;
  /** Where the log ended when a back-fill had added to it last. */
  added: number;
}

/** Events that may wait for a destination while a back-fill goes on: a lane knows the users of them. */
const WINDOW = 100_000;
/** What a back-fill adds at once. */
const PART = { least: 10, beside: 50, most: 500 };
/** Milliseconds for which live events count after they came in. */
const LIVE = 1_000;
/** A destination that has not moved for so long is not waited for: its live events are late whatever a back-fill does. */
const STUCK = 30_000;
/** How long to wait for room, in milliseconds. */
const WAIT = 100;
/** Beside live events, a rest is so many times as long as what was done before it, up to so many milliseconds: that may have been waiting for the shop. */
const REST = { times: 9, most: 200 };

/**
 * Says how many events a back-fill may add. Lanes deal with live events first, so it need not wait for them; only what waits for the
 * slowest destination is bounded. While live events come in it adds little at a time, and has a tenth of the time: what it does in one go is what they
 * wait for, and how often is what it costs the hundredth of them.
 */
export function createPace(input: {
  readonly lanes: () => Promise<readonly LanePosition[]>;
  readonly now: () => number;
  /** Events that may wait for a destination in any case; a back-fill leaves half of that to others. */
  readonly most?: number;
}): Pace {
  const window = Math.min(WINDOW, Math.floor((input.most ?? Infinity) / 2));
  const lanes = new Map<string, Lane>();
  const laneOf = (destination: string): Lane => {
    let lane = lanes.get(destination);
    if (lane === undefined) {
      lane = { cursor: -1, movedAt: 0, seenAt: 0, added: 0 };
      lanes.set(destination, lane);
    }
    return lane;
  };
  /** Whether something was added since the last look. */
  let granted = false;
  let grantedAt = 0;
  let restUntil = 0;
  let liveAt = Number.NEGATIVE_INFINITY;
  return {
    live() {
      liveAt = input.now();
    },
    async room() {
      const positions = await input.lanes();
      const now = input.now();
      const isBeside = now - liveAt < LIVE;
      let events: number = isBeside ? PART.beside : PART.most;
      for (const { destination, cursor, lag } of positions) {
        const lane = laneOf(destination);
        // What waits when it begins may be of a back-fill too.
        if (granted || lane.cursor < 0) lane.added = cursor + lag;
        // While nobody looked it may have moved.
        const isFresh = now - lane.seenAt >= STUCK;
        if (isFresh || cursor !== lane.cursor || lag === 0) Object.assign(lane, { cursor, movedAt: now });
        lane.seenAt = now;
        if (now - lane.movedAt < STUCK) events = Math.min(events, roomOf(lane, lag, window));
      }
      const worked = Math.max(1, now - grantedAt);
      if (granted) restUntil = now + Math.min(REST.most, REST.times * worked);
      // Whoever asks again before that is told the same: hints wake a shop at any time.
      const rest = isBeside ? Math.max(0, restUntil - now) : 0;
      granted = events > 0 && rest === 0;
      if (!granted) return { events: 0, waitMs: events > 0 ? rest : WAIT };
      grantedAt = now;
      return { events, waitMs: 0 };
    },
  };
}

function roomOf({ cursor, added }: Lane, lag: number, window: number): number {
  if (lag < window) return window - lag;
  // Live events alone may be more than that: a back-fill goes on, if slowly.
  return cursor >= added ? PART.least : 0;
}
