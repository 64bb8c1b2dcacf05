import { type Bucket, type BucketInput, createBucket } from './bucket.ts';

/** The calls to one endpoint with one credential, in their order. */
export interface RequestQueue {
  /** Waits for the turn; refuses at once when the wait would exceed `longest` milliseconds. */
  take(signal?: AbortSignal, longest?: number): Promise<QueueTurn>;
  /** Whether it has state: waiting calls, or used tokens. */
  busy(): boolean;
  /** Returns limits learned since the last call; undefined when there is nothing significant. */
  learned(): readonly BucketInput[] | undefined;
  /** Returns the part of the published limits that its calls would use: 1 when some waited recently. */
  wanted(): number;
  status(): QueueStatus;
}

/** The current status of a queue. */
export interface QueueStatus {
  /** The current limits with their rates; none while no limit is known. */
  readonly limits: readonly Required<BucketInput>[];
  /** Answered calls per second, over the last seconds. */
  readonly used: number;
  /** The number of waiting calls. */
  readonly waiting: number;
  /** The number of refused calls since the start. */
  readonly refused: number;
  /** When calls resume, in epoch milliseconds, if the destination asked for a pause. */
  readonly closedUntil?: number;
}

/** The turn of a call, or why it does not come. */
export type QueueTurn =
  | {
      readonly granted: true;
      readonly accepted: () => void;
      readonly refused: (said: { readonly limit?: number; readonly resetMs?: number | undefined }) => void;
    }
  | { readonly granted: false; readonly aborted: boolean; readonly waitMs: number };

/** The inputs of a queue. */
export interface RequestQueueInput {
  /** A call needs a token of each. Empty: calls are only counted, until one is refused. */
  readonly limits: readonly BucketInput[];
  /** The limits after a refusal, where `limits` is empty; without them, the measured rate. */
  readonly assumed: readonly BucketInput[];
  /** This process's part of published limits; 1 when absent. */
  readonly share?: (() => number) | undefined;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly longestWait: number;
}

/** How long after a waiting call more demand than the limits is expected, in milliseconds. */
const WANTING = 1_500;
/** The extra part requested beyond the used one: calls are uneven. */
const ROOM = 2;

/** The maximum sleep: a clock change must not strand calls. */
const LONGEST_SLEEP = 250;

/** Creates a queue of calls. */
export function createRequestQueue({
  limits,
  assumed,
  share,
  now,
  sleep,
  random,
  longestWait,
}: RequestQueueInput): RequestQueue {
  const buckets = limits.map((one) => createBucket(one, share)).sort(bySpan);
  /** Rates at the last call of `learned`. */
  let told = buckets.map((bucket) => bucket.rate());
  const waiting: ((turn: QueueTurn) => void)[] = [];
  const meter = createMeter(SPAN);
  /** Smoother than the measurement of limits: for display. */
  const shown = createMeter(SHOWN_SPAN);
  let refusals = 0;
  let waitedAt = Number.NEGATIVE_INFINITY;
  let serving = false;

  const wait = (): number => {
    const time = now();
    return Math.max(0, ...buckets.map((bucket) => bucket.wait(time)));
  };
  const grant = (): QueueTurn => {
    const calls = new Map(buckets.map((bucket) => [bucket, bucket.take(now())]));
    return {
      granted: true,
      accepted() {
        const time = now();
        meter.count(time);
        shown.count(time);
      },
      refused(said) {
        const time = now();
        refusals += 1;
        if (buckets.length === 0) {
          const measured = { amount: Math.max(1, meter.rate(time)), seconds: 1, learned: true };
          const begun = assumed.length > 0 ? assumed : [measured];
          buckets.push(...begun.map((one) => createBucket(one, share)).sort(bySpan));
        }
        // A refusal does not name the empty bucket, but a per-second bucket does not take minutes to fill.
        const { resetMs = 0 } = said;
        const empty = buckets.find((bucket) => resetMs <= 2 * bucket.spanMs) ?? buckets.at(-1);
        if (empty === undefined) return;
        empty.refused(time, { call: calls.get(empty) ?? 0, resetMs: said.resetMs, limit: said.limit });
      },
    };
  };
  const serve = async (): Promise<void> => {
    serving = true;
    while (waiting.length > 0) {
      const pause = wait();
      // Slightly late rather than early, and queues of a host are not synchronised.
      if (pause > 0) await sleep(Math.min(LONGEST_SLEEP, Math.max(1, pause) + random()));
      else waiting.shift()?.(grant());
    }
    serving = false;
  };

  return {
    busy: () => waiting.length > 0 || buckets.some((bucket) => bucket.isUsed(now())),
    wanted() {
      const time = now();
      const published = buckets.map((bucket) => bucket.state()).filter(({ learned }) => learned !== true);
      if (published.length === 0) return 0;
      if (waiting.length > 0 || Math.abs(time - waitedAt) < WANTING) return 1;
      const used = published.map(({ amount, seconds }) => (meter.rate(time) * seconds) / amount);
      return Math.min(1, ROOM * Math.max(...used));
    },
    status() {
      const time = now();
      const closed = Math.max(...buckets.map((bucket) => bucket.closedUntil()));
      return {
        limits: buckets.map((bucket) => ({ learned: false, rate: bucket.rate(), ...bucket.state() })),
        used: (shown.rate(time) / SHOWN_SPAN) * 1_000,
        waiting: waiting.length,
        refused: refusals,
        ...(closed > time ? { closedUntil: closed } : {}),
      };
    },
    learned() {
      if (buckets.every((bucket, index) => isNear(bucket.rate(), told[index]))) return undefined;
      told = buckets.map((bucket) => bucket.rate());
      return buckets.map((bucket) => bucket.state());
    },
    take(signal, longest = longestWait) {
      if (signal?.aborted === true) return Promise.resolve({ granted: false, aborted: true, waitMs: 0 });
      const first = wait();
      if (waiting.length === 0 && first === 0) return Promise.resolve(grant());
      waitedAt = now();
      const slowest = Math.min(...buckets.map((bucket) => bucket.rate()));
      const waitMs = Math.round(first + (waiting.length / slowest) * 1000);
      if (waitMs > longest) return Promise.resolve({ granted: false, aborted: false, waitMs });
      return new Promise((resolve) => {
        const leave = (): void => {
          const at = waiting.indexOf(answer);
          if (at >= 0) waiting.splice(at, 1);
          resolve({ granted: false, aborted: true, waitMs: 0 });
        };
        const answer = (turn: QueueTurn): void => {
          signal?.removeEventListener('abort', leave);
          resolve(turn);
        };
        signal?.addEventListener('abort', leave, { once: true });
        waiting.push(answer);
        if (!serving) void serve();
      });
    },
  };
}

/** The relative change of a rate that is worth storing. */
const WORTH_KEEPING = 0.1;

function isNear(rate: number, before: number | undefined): boolean {
  return before !== undefined && Math.abs(rate - before) < before * WORTH_KEEPING;
}

function bySpan(one: Bucket, other: Bucket): number {
  return one.spanMs - other.spanMs;
}

/** The averaging period of a measured rate, in milliseconds. */
const SPAN = 1_000;

/** The averaging period of a displayed rate, in milliseconds. */
const SHOWN_SPAN = 10_000;

/** Counts accepted calls, for an unpublished limit. */
function createMeter(span: number): { count(now: number): void; rate(now: number): number } {
  let begun = 0;
  let current = 0;
  let before = 0;
  const turn = (now: number): void => {
    if (now - begun < span) return;
    before = now - begun < 2 * span ? current : 0;
    current = 0;
    begun = now;
  };
  return {
    count(now) {
      turn(now);
      current += 1;
    },
    rate(now) {
      turn(now);
      return Math.max(before, current);
    },
  };
}
