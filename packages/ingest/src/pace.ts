/** The position of a destination. */
export interface LanePosition {
  readonly destination: string;
  readonly cursor: number;
  /** The number of events that wait for it. */
  readonly lag: number;
}

/** The number of historical events that may be added now; 0, and when to ask again, while they must wait. */
export interface Room {
  readonly events: number;
  readonly waitMs: number;
}

/** Unlimited room. */
export const UNLIMITED_ROOM: Room = { events: Infinity, waitMs: 0 };

/** Throttles a back-fill, so that waiting events stay bounded, and live events are accepted without delay. */
export interface Pace {
  room(): Promise<Room>;
  /** Records a live event. */
  live(): void;
}

/** The state of a destination. */
interface Lane {
  cursor: number;
  /** When the cursor last moved, or nothing waited; and when it was last checked. */
  movedAt: number;
  seenAt: number;
  /** The end of the log after the last historical events. */
  added: number;
}

/** The maximum number of waiting events of a destination during a back-fill: a lane keeps their users in memory. */
const WINDOW = 100_000;
/** The number of events that a back-fill adds at once. */
const PART = { least: 10, beside: 50, most: 500 };
/** How long live events count after arrival, in milliseconds. */
const LIVE = 1_000;
/** The time, in milliseconds, after which a destination without progress is ignored: its live events are late anyway. */
const STUCK = 30_000;
/** The delay before checking for room again, in milliseconds. */
const WAIT = 100;
/**
 * With live events, a pause is this multiple of the preceding work, up to a number of milliseconds: the work may have been
 * waiting for the shop.
 */
const REST = { times: 9, most: 200 };

/**
 * Returns how many events a back-fill may add. Lanes process live events first, so it need not wait for them; only events
 * waiting for the slowest destination are bounded. While live events arrive it adds little at a time, and uses a tenth of the
 * time: the size of a step is the delay of live events, and the frequency determines how many of them are delayed.
 */
export function createPace(input: {
  readonly lanes: () => Promise<readonly LanePosition[]>;
  readonly now: () => number;
  /** The overall maximum of waiting events of a destination; a back-fill leaves half of it to others. */
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
  /** Whether something was added since the last check. */
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
        // Events that wait at the start may also be historical.
        if (granted || lane.cursor < 0) lane.added = cursor + lag;
        // It may have moved between checks.
        const isFresh = now - lane.seenAt >= STUCK;
        if (isFresh || cursor !== lane.cursor || lag === 0) Object.assign(lane, { cursor, movedAt: now });
        lane.seenAt = now;
        if (now - lane.movedAt < STUCK) events = Math.min(events, roomOf(lane, lag, window));
      }
      const worked = Math.max(1, now - grantedAt);
      if (granted) restUntil = now + Math.min(REST.most, REST.times * worked);
      // An earlier call gets the same result: hints wake a shop at any time.
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
  // Live events alone may exceed that: a back-fill continues, slowly.
  return cursor >= added ? PART.least : 0;
}
