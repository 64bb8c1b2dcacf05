/** How far a destination has come. */
export interface LanePosition {
  readonly destination: string;
  readonly cursor: number;
  /** Events that wait for it. */
  readonly lag: number;
}

/** What a destination has just dealt with. */
export interface LaneStep {
  readonly destination: string;
  readonly events: number;
  readonly durationMs: number;
}

/** How many events of a back-fill may be added now; none, and when to ask again, while it must wait. */
export interface Room {
  readonly events: number;
  readonly waitMs: number;
}

/** Room where nobody waits for anything. */
export const UNLIMITED_ROOM: Room = { events: Infinity, waitMs: 0 };

/** Holds a back-fill back, so that live events keep their latency. */
export interface Pace {
  room(): Promise<Room>;
  /** A destination has dealt with events. */
  step(step: LaneStep): void;
}

/** Sums over steps: of events, milliseconds, and what the line through them is drawn by. */
interface Steps {
  readonly count: number;
  readonly events: number;
  readonly ms: number;
  readonly squares: number;
  readonly products: number;
}

/** What is known of a destination. */
interface Lane {
  /** Events that may wait for it. */
  window: number;
  /** How long its last step took, in milliseconds. */
  stepMs: number;
  /** Its steps, the later ones counting more. */
  steps: Steps;
  cursor: number;
  /** When the cursor was seen to move, or nothing to wait; and when it was looked at last. */
  movedAt: number;
  seenAt: number;
  /** Where the log ended when a back-fill had added to it last. */
  added: number;
}

/** Events that may wait for a destination while a back-fill goes on. */
const WINDOW = { first: 20, least: 10, most: 500 };
/** What a step may take beside twice what it takes without an event, in milliseconds. A live event waits for one, and is dealt with in the next. */
const MORE = 30;
/** How much a step counts when the next one has ended. */
const FADING = 0.97;
/** A destination that has not moved for so long is not waited for: its live events are late whatever a back-fill does. */
const STUCK = 30_000;
/** How long to wait for room, in milliseconds. */
const WAIT = { least: 5, most: 100 };

/**
 * Says how many events a back-fill may add. Lanes read the log in order, so live events would stand behind all of a back-fill; events of the past are
 * only added when nearly everything before them has been dealt with. How many depends on the destination: as many as make a step of it
 * take twice as long as one takes whatever it has to do.
 */
export function createPace(input: {
  readonly lanes: () => Promise<readonly LanePosition[]>;
  readonly now: () => number;
}): Pace {
  const lanes = new Map<string, Lane>();
  const laneOf = (destination: string): Lane => {
    let lane = lanes.get(destination);
    if (lane === undefined) {
      lane = newLane();
      lanes.set(destination, lane);
    }
    return lane;
  };
  /** Whether something was added since the last look. */
  let granted = false;
  return {
    async room() {
      const positions = await input.lanes();
      const now = input.now();
      let room = UNLIMITED_ROOM;
      for (const { destination, cursor, lag } of positions) {
        const lane = laneOf(destination);
        // What waits when it begins may be of a back-fill too.
        if (granted || lane.cursor < 0) lane.added = cursor + lag;
        // While nobody looked it may have moved.
        const isFresh = now - lane.seenAt >= STUCK;
        if (isFresh || cursor !== lane.cursor || lag === 0) Object.assign(lane, { cursor, movedAt: now });
        lane.seenAt = now;
        if (now - lane.movedAt >= STUCK) continue;
        const events = roomOf(lane, lag);
        const waitMs = Math.min(WAIT.most, Math.max(WAIT.least, lane.stepMs / 4));
        room =
          events === 0
            ? { events, waitMs: Math.max(waitMs, room.waitMs) }
            : { ...room, events: Math.min(events, room.events) };
      }
      granted = room.events > 0;
      return room;
    },
    step({ destination, events, durationMs }) {
      if (events === 0) return;
      const lane = laneOf(destination);
      lane.stepMs = durationMs;
      lane.steps = withStep(lane.steps, events, durationMs);
      lane.window = windowAfter(lane, events);
    },
  };
}

function newLane(): Lane {
  return {
    window: WINDOW.first,
    stepMs: WAIT.most,
    steps: { count: 0, events: 0, ms: 0, squares: 0, products: 0 },
    cursor: -1,
    movedAt: 0,
    seenAt: 0,
    added: 0,
  };
}

function roomOf({ window, cursor, added }: Lane, lag: number): number {
  const free = Math.floor(window - lag);
  // A commit for each event would cost more than it gains.
  if (free > 0 && free * 3 >= window) return free;
  // Live events alone may be more than that: a back-fill goes on, if slowly.
  return cursor >= added ? WINDOW.least : 0;
}

/** How many events may wait after a step: as many as one of the right length would have dealt with. */
function windowAfter({ window, stepMs, steps }: Lane, events: number): number {
  const wanted = 2 * fixedMs(steps) + MORE;
  if (stepMs > wanted) {
    const fitting = Math.min(window, (events * wanted) / stepMs);
    return Math.max(WINDOW.least, (window + fitting) / 2);
  }
  // A short step says nothing of what a longer one would take.
  return events * 2 < window ? window : Math.min(WINDOW.most, window * 1.2 + 1);
}

function withStep(steps: Steps, events: number, ms: number): Steps {
  return {
    count: steps.count * FADING + 1,
    events: steps.events * FADING + events,
    ms: steps.ms * FADING + ms,
    squares: steps.squares * FADING + events * events,
    products: steps.products * FADING + events * ms,
  };
}

/** What a step takes whatever it has to do: where the line through the steps begins. While all are of one size, all of their time. */
function fixedMs({ count, events, ms, squares, products }: Steps): number {
  const [mean, meanMs] = [events / count, ms / count];
  const spread = squares / count - mean * mean;
  const slope = spread > 0.01 ? (products / count - mean * meanMs) / spread : 0;
  return Math.max(0, meanMs - Math.max(0, slope) * mean);
}
