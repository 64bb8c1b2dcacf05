/** How many events of the past a step takes, so that live ones do not wait long for its end. */
export interface Share {
  /** How many go with so many live ones; where more of those wait already, as few as there may be. */
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
/** What a step may take beside twice what it takes without an event, in milliseconds. A live event waits for one, and is dealt with in the next. */
const MORE = 30;
/** How much a step counts when the next one has ended. */
const FADING = 0.97;

/**
 * Follows a destination: a step may take twice as long as it does whatever it has to do, and a little more. That is where the line through
 * how long steps took and how many events they had begins.
 */
export function createShare(): Share {
  let share = SHARE.first;
  let steps: Steps = { count: 0, events: 0, ms: 0, squares: 0, products: 0 };
  return {
    beside: (live, isMore) => (isMore ? SHARE.least : Math.max(SHARE.least, Math.floor(share) - live)),
    learn(events, ms) {
      if (events === 0) return;
      steps = withStep(steps, events, ms);
      const wanted = 2 * fixedMs(steps) + MORE;
      if (ms > wanted) {
        const fitting = Math.min(share, (events * wanted) / ms);
        share = Math.max(SHARE.least, (share + fitting) / 2);
        return;
      }
      // A short step says nothing of what a longer one would take.
      if (events * 2 >= share) share = Math.min(SHARE.most, share * 1.2 + 1);
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
