/** The number of historical events of a step, so that live ones do not wait long for its end. */
export interface Share {
  /** Returns how many are added to a number of live ones; when more live ones wait, none or the minimum. */
  beside(live: number, isMore: boolean): number;
  /** Records a finished step. */
  learn(events: number, durationMs: number): void;
}

/** Sums over steps for a linear regression of milliseconds on events. */
interface Steps {
  readonly count: number;
  readonly events: number;
  readonly ms: number;
  readonly squares: number;
  readonly products: number;
}

/** The initial number of events of a step. */
const SHARE = { first: 20, least: 10, most: 500 };
/** The time that a step may take in addition to twice its fixed cost, in milliseconds. */
const MORE = 30;
/** The decay of the weight of a step per later step. */
const FADING = 0.97;

/**
 * How long after a live event more are expected, in milliseconds: each waits for the end of a step, and is processed in the
 * next.
 */
const LIVE = 1_000;
/** During that time, the minimum number of historical events in a step, and how much longer it may take. */
const BESIDE = { least: 1, longer: 1.25 };
/**
 * The number of consecutive steps with historical events before a step without them measures the base time again; and the
 * weight of that measurement when it is shorter, and when it is longer, than the current estimate: other threads make steps
 * longer, which must not lengthen them further.
 */
const BARE = { every: 10, down: 0.3, up: 0.03 };

/**
 * Creates the share of a destination: the fixed cost of a step is the intercept of the regression of duration on events, and
 * historical events may double it. While there are live events, a step is compared with steps without historical ones.
 */
export function createShare(now: () => number): Share {
  let liveAt = Number.NEGATIVE_INFINITY;
  let isBeside = false;
  const shares = { alone: SHARE.first, beside: BESIDE.least };
  let steps: Steps = { count: 0, events: 0, ms: 0, squares: 0, products: 0 };
  /** The duration of steps without historical events. */
  let bareMs = 0;
  /** The historical events of the last step, whether it had no others, and the number of consecutive steps with some. */
  let last = { filled: 0, isPast: false, row: 0 };

  const filledBeside = (live: number, isMore: boolean): number => {
    const filling = isMore ? 0 : Math.floor(shares.beside) - live;
    // When live events keep a destination busy, each of their steps includes a few; otherwise historical events have separate
    // steps.
    if (live === 0 || !last.isPast)
      return last.row >= BARE.every && live > 0 ? 0 : Math.max(filling, BESIDE.least);
    return Math.max(filling, 0);
  };
  const next = (share: number, events: number, ms: number, wanted: number): number => {
    if (ms > wanted) return (share + Math.min(share, (events * wanted) / ms)) / 2;
    // A short step does not predict the duration of a longer one.
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

/** The fixed cost of a step: the intercept of the regression. While all steps have one size, their whole duration. */
function fixedMs({ count, events, ms, squares, products }: Steps): number {
  const [mean, meanMs] = [events / count, ms / count];
  const spread = squares / count - mean * mean;
  const slope = spread > 0.01 ? (products / count - mean * meanMs) / spread : 0;
  return Math.max(0, meanMs - Math.max(0, slope) * mean);
}
