/** The calls to one endpoint with one credential, spread over time. Time comes from outside, in milliseconds. */
export interface Bucket {
  /** Returns the milliseconds until the next call may be made; 0 for now. */
  wait(now: number): number;
  /** Consumes a token for a call. Returns the number of the call. */
  take(now: number): number;
  /** Records a refusal; `resetMs` and `limit` come from the refusal. */
  refused(now: number, refusal: Refusal): void;
  /** Whether a new bucket would allow more calls than this one, or know less. */
  isUsed(now: number): boolean;
  /** The current calls per second. */
  rate(): number;
  /** A bucket created from this continues with its level. */
  readonly state: () => BucketInput;
  /** The period of its amount, in milliseconds. */
  readonly spanMs: number;
  /** Epoch milliseconds until which a refusal keeps it closed; in the past when it is open. */
  closedUntil(): number;
}

/** A refused call. */
export interface Refusal {
  /** What `take` returned; 0 for a call from before there was a bucket. */
  readonly call: number;
  readonly resetMs?: number | undefined;
  readonly limit?: number | undefined;
}

/** The inputs of a bucket. */
export interface BucketInput {
  /** The number of calls allowed in `seconds`. */
  readonly amount: number;
  readonly seconds: number;
  /** Whether it was measured instead of published, so that more may be possible. */
  readonly learned?: boolean;
  /** The initial calls per second; the whole rate when absent. */
  readonly rate?: number;
}

/** The used share of a published limit: a destination with its own clock needs a margin. */
const USED = 0.98;

/** The minimum share of the full rate, so that a recovery is always noticed. */
const FLOOR = 0.1;

/** The factor of the rate after a refusal; a measured limit may be far off at first. */
const LESS = { published: 0.85, learned: 0.8 } as const;

/** The maximum recovery per second and per call, as a share of the full rate: slow, because each overshoot is a refusal. */
const MORE = {
  published: { second: 0.005, call: 0.0025 },
  learned: { second: 0.01, call: 0.005 },
} as const;

/**
 * A measured limit that recovers this share without a refusal was measured too low: a refusal in a quiet moment says little.
 * From then on each recovery step is longer than the previous one, up to this factor.
 */
const TOO_LOW = { after: 0.3, fastest: 20 } as const;

/** The maximum time that a refusal closes a bucket: a wrong header must not stop a lane for an hour. */
const LONGEST_BLOCK = 15 * 60_000;

/**
 * The minimum share of a limit for a process: interactive requests also come through processes without lanes of the account.
 */
const LEAST_SHARE = 0.02;

/**
 * A bucket whose rate falls when calls are refused and rises slowly when they are not. `share` is this process's part of a
 * published limit; measured limits come from its own calls and are not divided.
 */
export function createBucket(input: BucketInput, share: () => number = () => 1): Bucket {
  const { seconds, learned = false } = input;
  const part = (): number => (learned ? 1 : Math.min(1, Math.max(LEAST_SHARE, share())));
  const used = learned ? 1 : USED;
  let amount = input.amount;
  let full = (amount / seconds) * used;
  let rate = Math.min(Math.max(input.rate ?? full, full * FLOOR), learned ? Number.POSITIVE_INFINITY : full);
  // A small burst: enough for late timers, and far below the destination's own bucket, so that calls that the network bunches
  // together are not refused.
  const most = (): number => burst(amount * part(), seconds);
  let tokens = learned ? 0 : most();
  let at: number | undefined;
  let blockedUntil = Number.NEGATIVE_INFINITY;
  let calls = 0;
  // A refused call from before the bucket existed (0) only confirms a published limit.
  let fellAfter = learned ? -1 : 0;
  let taken = 0;
  /** The share of the full rate that was recovered at the slow pace since the last refusal. */
  let regained = 0;

  const refill = (now: number): void => {
    // A clock that was set back has no effect.
    const passed = Math.max(0, now - (at ?? now));
    at = now;
    if (blockedUntil - now > LONGEST_BLOCK) blockedUntil = now + LONGEST_BLOCK;
    if (blockedUntil > now) return;
    tokens = Math.min(most(), tokens + (passed / 1000) * rate * part());
    const more = learned ? MORE.learned : MORE.published;
    const gain = Math.min((passed / 1000) * more.second, taken * more.call);
    taken = Math.max(0, taken - gain / more.call);
    rate = learned ? rate + gain * full * pace(regained) : Math.min(full, rate + gain * full);
    regained += gain;
    // Without a published limit, a rate that works for long becomes the new limit.
    if (learned && rate > 2 * full) full = rate;
  };

  return {
    wait(now) {
      refill(now);
      const blocked = Math.max(0, blockedUntil - now);
      // Rounding must not let a token of 0.999… wait forever.
      const short = tokens >= 1 - 1e-9 ? 0 : ((1 - tokens) / (rate * part())) * 1000;
      return Math.max(blocked, short);
    },
    take(now) {
      refill(now);
      tokens -= 1;
      taken = Math.min(taken + 1, full * 10 + 10);
      calls += 1;
      return calls;
    },
    refused(now, { call, resetMs, limit }) {
      refill(now);
      tokens = Math.min(tokens, 0);
      if (resetMs !== undefined && resetMs > 0) {
        blockedUntil = Math.max(blockedUntil, now + Math.min(resetMs, LONGEST_BLOCK));
      }
      if (limit !== undefined && limit >= 1 && !learned && limit !== amount) {
        amount = limit;
        full = (amount / seconds) * used;
        rate = Math.min(rate, full);
      }
      // Calls in progress when the rate fell say nothing about the new rate.
      if (call <= fellAfter) return;
      fellAfter = calls;
      taken = 0;
      regained = 0;
      if (learned) full = Math.max(full, rate);
      rate = Math.max(full * FLOOR, rate * (learned ? LESS.learned : LESS.published));
    },
    isUsed(now) {
      refill(now);
      return learned || blockedUntil > now || rate < full || tokens < most();
    },
    rate: () => rate * part(),
    state: () => ({ amount: learned ? full * seconds : amount, seconds, learned, rate }),
    spanMs: seconds * 1000,
    closedUntil: () => blockedUntil,
  };
}

/** The factor by which a measured rate rises faster. */
function pace(regained: number): number {
  return Math.min(TOO_LOW.fastest, Math.max(1, 1 + (regained - TOO_LOW.after) / MORE.learned.second));
}

function burst(amount: number, seconds: number): number {
  // Daily limits are not meant to be spread over the day.
  if (seconds >= 3_600) return Math.max(1, amount * 0.9);
  return Math.max(1, Math.min(amount, Math.max(2, amount / 10)));
}
