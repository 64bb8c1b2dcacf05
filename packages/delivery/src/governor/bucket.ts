/** The calls to one endpoint with one credential, spread over time. Time comes from outside, in milliseconds. */
export interface Bucket {
  /** Milliseconds until the next call may be made; 0 when it may be made now. */
  wait(now: number): number;
  /** Makes a call: its token is gone. Returns the number of the call. */
  take(now: number): number;
  /** A call was refused; `resetMs` and `limit` are what the refusal says. */
  refused(now: number, refusal: Refusal): void;
  /** Whether a new one in its place would allow more calls than it does, or know less. */
  isUsed(now: number): boolean;
  /** Calls a second at this moment. */
  rate(): number;
  /** A bucket created from this continues with its level. */
  readonly state: () => BucketInput;
  /** The time its amount is for, in milliseconds. */
  readonly spanMs: number;
  /** Epoch milliseconds until which a refusal keeps it closed; in the past when it is open. */
  closedUntil(): number;
}

/** What is known of a refused call. */
export interface Refusal {
  /** What `take` returned; 0 for a call from before there was a bucket. */
  readonly call: number;
  readonly resetMs?: number | undefined;
  readonly limit?: number | undefined;
}

/** How a bucket begins. */
export interface BucketInput {
  /** Calls that the destination takes in `seconds`. */
  readonly amount: number;
  readonly seconds: number;
  /** Nobody has published it: it was measured, and more may be possible. */
  readonly learned?: boolean;
  /** Calls a second to begin with; all of its amount when absent. */
  readonly rate?: number;
}

/** Of a published limit, this much is used: a destination that counts by its own clock needs a little room. */
const USED = 0.98;

/** The part of the full rate that is never given up, so that a way back is always seen. */
const FLOOR = 0.1;

/** What is left of the rate after a refusal; a measured limit may be far off at first. */
const LESS = { published: 0.85, learned: 0.8 } as const;

/** Of the full rate, what is won back a second and a call at the most: slow, because each step too far is a refusal. */
const MORE = {
  published: { second: 0.005, call: 0.0025 },
  learned: { second: 0.01, call: 0.005 },
} as const;

/**
 * A measured limit that lets this share be won back without a refusal was measured too low: a refusal in a quiet moment
 * says little. From there on each step is longer than the one before, up to so many times its length.
 */
const TOO_LOW = { after: 0.3, fastest: 20 } as const;

/** The longest that a refusal can close a bucket: an hour named by mistake must not stop a lane for it. */
const LONGEST_BLOCK = 15 * 60_000;

/** The least part of a limit that a process may use: people ask through processes too that have nothing else to do with an account. */
const LEAST_SHARE = 0.02;

/**
 * A bucket whose rate falls when calls are refused and rises slowly when they are not. `share` is the part of a published limit that
 * is this process's own; what was measured was measured by its own calls.
 */
export function createBucket(input: BucketInput, share: () => number = () => 1): Bucket {
  const { seconds, learned = false } = input;
  const part = (): number => (learned ? 1 : Math.min(1, Math.max(LEAST_SHARE, share())));
  const used = learned ? 1 : USED;
  let amount = input.amount;
  let full = (amount / seconds) * used;
  let rate = Math.min(Math.max(input.rate ?? full, full * FLOOR), learned ? Number.POSITIVE_INFINITY : full);
  // A small store of tokens: enough for timers that are late, and far from what the destination's own bucket holds, so
  // that calls which the network pushes together are not refused.
  const most = (): number => burst(amount * part(), seconds);
  let tokens = learned ? 0 : most();
  let at: number | undefined;
  let blockedUntil = Number.NEGATIVE_INFINITY;
  let calls = 0;
  // A call from before there was a bucket (0) says that a published limit holds, not that it is too high.
  let fellAfter = learned ? -1 : 0;
  let taken = 0;
  /** What was won back at the slow pace since the last refusal, as a share of the full rate. */
  let regained = 0;

  const refill = (now: number): void => {
    // A clock that went back gives nothing and takes nothing.
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
    // Without a published limit, what works for long is the new measure.
    if (learned && rate > 2 * full) full = rate;
  };

  return {
    wait(now) {
      refill(now);
      const blocked = Math.max(0, blockedUntil - now);
      // Rounding must not make a token of 0.999… wait for ever.
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
      // Calls that were under way when the rate fell say nothing about the new rate.
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

/** How many times as fast a measured rate rises. */
function pace(regained: number): number {
  return Math.min(TOO_LOW.fastest, Math.max(1, 1 + (regained - TOO_LOW.after) / MORE.learned.second));
}

function burst(amount: number, seconds: number): number {
  // What is counted by the day is not meant to be spread over the day.
  if (seconds >= 3_600) return Math.max(1, amount * 0.9);
  return Math.max(1, Math.min(amount, Math.max(2, amount / 10)));
}
