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

/** How many events of the past a step may have, and how long it may then take, where it takes `fixed` milliseconds whatever it has to do. */
interface Rule {
  readonly least: number;
  readonly mostMs: (fixed: number) => number;
}

/** While live events come in: each waits for the end of a step, and is dealt with in the next. */
const BESIDE: Rule = { least: 1, mostMs: (fixed) => 1.25 * fixed };
const ALONE: Rule = { least: 10, mostMs: (fixed) => 2 * fixed + 30 };
/** Events of a step. */
const SHARE = { first: 20, most: 500 };
/** Milliseconds for which live events count after one was there. */
const LIVE = 1_000;
/** How much a step counts when the next one has ended. */
const FADING = 0.97;

/**
 * Follows a destination: the line through how long steps took and how many events they had begins at what a step takes whatever it has to
 * do, and a step with some of the past may take little longer than that while there are live events.
 */
export function createShare(now: () => number): Share {
  const alone = { rule: ALONE, share: SHARE.first };
  const beside = { rule: BESIDE, share: BESIDE.least };
  let current: { readonly rule: Rule; share: number } = alone;
  let liveAt = Number.NEGATIVE_INFINITY;
  /** Whether the last step had nothing live. */
  let wasPast = false;
  let steps: Steps = { count: 0, events: 0, ms: 0, squares: 0, products: 0 };
  return {
    beside(live, isMore) {
      const at = now();
      if (live > 0) liveAt = at;
      current = at - liveAt < LIVE ? beside : alone;
      const { least } = current.rule;
      const filling = isMore ? 0 : Math.floor(current.share) - live;
      // Where live events keep a destination busy, each of their steps takes along a few; else the past has steps of its own.
      const count = live > 0 && wasPast ? filling : Math.max(filling, least);
      wasPast = live === 0;
      return Math.max(0, count);
    },
    learn(events, ms) {
      if (events === 0) return;
      steps = withStep(steps, events, ms);
      const { share, rule } = current;
      const wanted = rule.mostMs(fixedMs(steps));
      if (ms > wanted) {
        const fitting = Math.min(share, (events * wanted) / ms);
        current.share = Math.max(rule.least, (share + fitting) / 2);
        return;
      }
      // A short step says nothing of what a longer one would take.
      if (events * 2 >= share) current.share = Math.min(SHARE.most, share * 1.2 + 1);
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
