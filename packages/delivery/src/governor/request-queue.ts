import { type Bucket, type BucketInput, createBucket } from './bucket.ts';

/** The calls to one endpoint with one credential, in the order they came. */
export interface RequestQueue {
  take(signal?: AbortSignal): Promise<QueueTurn>;
  busy(): boolean;
  /** What has been learned since this was last asked; undefined when that is nothing to speak of. */
  learned(): readonly BucketInput[] | undefined;
}

/** The turn of a call, or why it does not come. */
export type QueueTurn =
  | {
      readonly granted: true;
      readonly accepted: () => void;
      readonly refused: (said: { readonly limit?: number; readonly resetMs?: number | undefined }) => void;
    }
  | { readonly granted: false; readonly aborted: boolean; readonly waitMs: number };

/** What a queue is made of. */
export interface RequestQueueInput {
  /** A call needs a token of each. Empty: calls are only counted, until one is refused. */
  readonly limits: readonly BucketInput[];
  /** What holds once a call was refused, where `limits` is empty; without it, what was measured. */
  readonly assumed: readonly BucketInput[];
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly longestWait: number;
}

/** The longest sleep: a clock that is moved must not leave calls behind. */
const LONGEST_SLEEP = 250;

/** A queue of calls. */
export function createRequestQueue({
  limits,
  assumed,
  now,
  sleep,
  random,
  longestWait,
}: RequestQueueInput): RequestQueue {
  const buckets = limits.map(createBucket).sort(bySpan);
  /** Rates when `learned` was last asked. */
  let told = buckets.map((bucket) => bucket.rate());
  const waiting: ((turn: QueueTurn) => void)[] = [];
  const meter = createMeter();
  let serving = false;

  const wait = (): number => {
    const time = now();
    return Math.max(0, ...buckets.map((bucket) => bucket.wait(time)));
  };
  const grant = (): QueueTurn => {
    const calls = new Map(buckets.map((bucket) => [bucket, bucket.take(now())]));
    return {
      granted: true,
      accepted: () => meter.count(now()),
      refused(said) {
        const time = now();
        if (buckets.length === 0) {
          const measured = { amount: Math.max(1, meter.rate(time)), seconds: 1, learned: true };
          const begun = assumed.length > 0 ? assumed : [measured];
          buckets.push(...begun.map(createBucket).sort(bySpan));
        }
        // A refusal does not say which bucket was empty, but one of a second does not take minutes to fill.
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
      // A little late rather than early, and not all queues of a host in the same millisecond.
      if (pause > 0) await sleep(Math.min(LONGEST_SLEEP, Math.max(1, pause) + random()));
      else waiting.shift()?.(grant());
    }
    serving = false;
  };

  return {
    busy: () => waiting.length > 0 || buckets.length > 0,
    learned() {
      if (buckets.every((bucket, index) => isNear(bucket.rate(), told[index]))) return undefined;
      told = buckets.map((bucket) => bucket.rate());
      return buckets.map((bucket) => bucket.state());
    },
    take(signal) {
      if (signal?.aborted === true) return Promise.resolve({ granted: false, aborted: true, waitMs: 0 });
      const first = wait();
      if (waiting.length === 0 && first === 0) return Promise.resolve(grant());
      const slowest = Math.min(...buckets.map((bucket) => bucket.rate()));
      const waitMs = Math.round(first + (waiting.length / slowest) * 1000);
      if (waitMs > longestWait) return Promise.resolve({ granted: false, aborted: false, waitMs });
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

/** The share by which a rate moves before that is worth keeping. */
const WORTH_KEEPING = 0.1;

function isNear(rate: number, before: number | undefined): boolean {
  return before !== undefined && Math.abs(rate - before) < before * WORTH_KEEPING;
}

function bySpan(one: Bucket, other: Bucket): number {
  return one.spanMs - other.spanMs;
}

/** Milliseconds that a measured rate is an average of. */
const SPAN = 1_000;

/** Counts what was accepted, for a limit that nobody has published. */
function createMeter(): { count(now: number): void; rate(now: number): number } {
  let begun = 0;
  let current = 0;
  let before = 0;
  const turn = (now: number): void => {
    if (now - begun < SPAN) return;
    before = now - begun < 2 * SPAN ? current : 0;
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
