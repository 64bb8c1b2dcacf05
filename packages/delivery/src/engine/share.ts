/** How many events of the past a step takes, so that live ones do not wait long for its end. */
export interface Share {
  /** How many go with so many live ones; where more of those wait already, none or as few as there may be. */
  beside(live: number, isMore: boolean): number;
  /** A step has ended. */
  learn(events: number, durationMs: number): void;
}

/** Sums over steps: of events, milliseconds, and what the line through them is drawn by. */
interface Steps {
  readonly count: number;
  readonly events: number;
  readonly ms: number;
  readonly squares: number;
  readonly products: number;
}

/** Events of a step. */
const SHARE = { first: 20, least: 10, most: 500 };
/** What a step may take beside twice what it takes whatever it has to do, in milliseconds. */
const MORE = 30;
/** How much a step counts when the next one has ended. */
const FADING = 0.97;

/** For so many milliseconds after a live event more of them are expected: each waits for the end of a step, and is dealt with in the next. */
const LIVE = 1_000;
/** Then a step with some of the past has this many at least, and may take this much longer than one without. */
const BESIDE = { least: 1, longer: 1.25 };
/**
 * How many steps in a row have some of the past until one without shows again how long that takes; and how much that then counts, where it is
 * shorter than what is known, and where it is longer: what other threads do makes steps longer, and is no reason to make them longer still.
 */
const BARE = { every: 10, down: 0.3, up: 0.03 };

/**
 * Follows a destination: the line through how long steps took and how many events they had begins at what a step takes whatever it has to
 * do, which the past may double. While there are live events a step is held against those that have nothing of the past.
 */
export function createShare(now: () => number): Share {
  let liveAt = Number.NEGATIVE_INFINITY;
  let isBeside = false;
  const shares = { alone: SHARE.first, beside: BESIDE.least };
  let steps: Steps = { count: 0, events: 0, ms: 0, squares: 0, products: 0 };
  /** How long steps take that have nothing of the past. */
  let bareMs = 0;
  /** What the last step had of the past, whether nothing else, and how many steps in a row had some. */
  let last = { filled: 0, isPast: false, row: 0 };

  const filledBeside = (live: number, isMore: boolean): number => {
    const filling = isMore ? 0 : Math.floor(shares.beside) - live;
    // Where live events keep a destination busy, each of their steps takes along a few; else the past has steps of its own.
    if (live === 0 || !last.isPast)
      return last.row >= BARE.every && live > 0 ? 0 : Math.max(filling, BESIDE.least);
    return Math.max(filling, 0);
  };
  const next = (share: number, events: number, ms: number, wanted: number): number => {
    if (ms > wanted) return (share + Math.min(share, (events * wanted) / ms)) / 2;
    // A short step says nothing of what a longer one would take.
    return events * 2 >= share ? Math.min(SHARE.most, share * 1.2 + 1) : share;
  };
  return {
    beside(live, isMore) {
      const at = now();
      if (live > 0) liveAt = at;
      isBeside = at - liveAt < LIVE;
      const filled = isBeside ? filledBeside(live, isMore) : Math.max(SHARE.least, Math.floor(shares.alone));
      last = { filled, isPast: live === 0, row: filled === 0 ? 0 : last.row + 1 };
      return filled;
    },
    learn(events, ms) {
      if (events === 0) return;
      steps = withStep(steps, events, ms);
      if (!isBeside) {
        const share = next(shares.alone, events, ms, 2 * fixedMs(steps) + MORE);
        shares.alone = Math.max(SHARE.least, share);
      } else if (last.filled === 0)
        bareMs = bareMs === 0 ? ms : bareMs + (ms - bareMs) * (ms < bareMs ? BARE.down : BARE.up);
      else {
        const share = next(shares.beside, events, ms, BESIDE.longer * bareMs);
        shares.beside = Math.max(BESIDE.least, share);
      }
    },
  };
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
