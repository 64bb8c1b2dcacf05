import { common, text, type Reply } from '../model/errors.ts';
import type { Limit, Route } from './route.ts';
import type { Switches } from '../model/switches.ts';

interface Bucket {
  tokens: number;
  at: number;
}

const unpublished: readonly Limit[] = [{ amount: 500, seconds: 1, per: 'project' }];

/** The token buckets of a project: one per endpoint, or per endpoint and key. */
export class Limits {
  enabled: boolean;
  readonly #now: () => number;
  readonly #switches: Switches;
  readonly #buckets = new Map<string, Bucket>();

  constructor(enabled: boolean, now: () => number, switches: Switches) {
    this.enabled = enabled;
    this.#now = now;
    this.#switches = switches;
  }

  /** Fills every bucket again. */
  refill(): void {
    this.#buckets.clear();
  }

  /** Takes one token for a request; the 429 when a bucket is empty. */
  take(route: Route, key: string): Reply | undefined {
    if (!this.enabled) return undefined;
    const open = route.unpublishedLimit === true && this.#switches.unpublishedLimits !== 'none';
    const limits = route.limits ?? (open ? unpublished : undefined);
    if (limits === undefined) return undefined;
    const now = this.#now();
    for (const limit of limits) {
      const bucket = this.#bucket(
        limit,
        `${route.method} ${route.path} ${limit.per === 'key' ? key : ''} ${limit.seconds}`,
        now,
      );
      if (bucket.tokens < 1) return this.#refusal(route.path, limit, bucket);
      bucket.tokens -= 1;
    }
    return undefined;
  }

  #bucket(limit: Limit, name: string, now: number): Bucket {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) this.#buckets.set(name, (bucket = { tokens: limit.amount, at: now }));
    const refilled = ((now - bucket.at) * limit.amount) / (limit.seconds * 1000);
    if (refilled > 0) bucket.tokens = Math.min(limit.amount, bucket.tokens + refilled);
    bucket.at = now;
    return bucket;
  }

  #refusal(endpoint: string, limit: Limit, bucket: Bucket): Reply {
    const wait = Math.max(1, Math.ceil(((1 - bucket.tokens) * limit.seconds) / limit.amount));
    const figures = { rateLimitLimit: limit.amount, rateLimitRemaining: 0, rateLimitReset: wait };
    const reply =
      this.#switches.rateLimitBody === 'text'
        ? text('Too Many Requests', 429)
        : common(
            429,
            'RateLimitExceeded',
            `Exceeded rate limit for endpoint: ${endpoint}, project: 1`,
            this.#switches.rateLimitBody === 'figures' ? figures : {},
          );
    return this.#switches.retryAfter === 'present'
      ? { ...reply, headers: { 'retry-after': `${wait}` } }
      : reply;
  }
}
