/** How far a destination has come. */
export interface LanePosition {
  readonly destination: string;
  readonly cursor: number;
  /** Events that wait for it. */
  readonly lag: number;
}

/** Events that may wait for a destination while a back-fill goes on: what a live event stands behind at most, beside a page. */
const ROOM = 500;
/** A destination that has not moved for so long is not waited for: its live events are late whatever a back-fill does. */
const STUCK = 30_000;
/** How long to wait for room, in milliseconds. */
const LOOK_AGAIN = 100;

/**
 * Says how long a back-fill must wait. Lanes read the log in order, so live events would stand behind all of a back-fill; a
 * page is only added when nearly everything before it has been dealt with.
 */
export function createPace(input: {
  readonly lanes: () => Promise<readonly LanePosition[]>;
  readonly now: () => number;
}): () => Promise<number> {
  const seen = new Map<string, { cursor: number; at: number }>();
  return async () => {
    const now = input.now();
    let full = false;
    for (const { destination, cursor, lag } of await input.lanes()) {
      const before = seen.get(destination);
      if (before?.cursor !== cursor) seen.set(destination, { cursor, at: now });
      const since = before?.cursor === cursor ? before.at : now;
      if (lag > ROOM && now - since < STUCK) full = true;
    }
    return full ? LOOK_AGAIN : 0;
  };
}
