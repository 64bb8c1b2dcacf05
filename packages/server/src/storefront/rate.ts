import { networkOf } from '../admission/throttle.ts';

/** The events per second, and the burst. */
const OF_ADDRESS = { rate: 20, burst: 400 };
const OF_SOURCE = { rate: 1_000, burst: 20_000 };
const KEPT = 10_000;

interface Bucket {
  /** The available tokens. */
  left: number;
  at: number;
}

/** Rate-limits storefronts, which anybody can impersonate. */
export interface Rate {
  /** Returns the milliseconds until a number of events of a source and a client are allowed; 0 when they are accepted. */
  take(source: string, address: string, events: number): number;
}

/** Creates the rate limit of storefronts; its tables are bounded too. */
export function createRate(now: () => number): Rate {
  const addresses = new Map<string, Bucket>();
  const sources = new Map<string, Bucket>();
  const filled = (buckets: Map<string, Bucket>, key: string, { rate, burst }: typeof OF_ADDRESS): Bucket => {
    const at = now();
    const known = buckets.get(key);
    const left = known === undefined ? burst : Math.min(burst, known.left + ((at - known.at) / 1_000) * rate);
    const bucket = { left, at };
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > KEPT) buckets.delete(buckets.keys().next().value!);
    return bucket;
  };
  return {
    take(source, address, events) {
      const own = filled(addresses, `${source} ${networkOf(address)}`, OF_ADDRESS);
      const all = filled(sources, source, OF_SOURCE);
      const lack = Math.max((events - own.left) / OF_ADDRESS.rate, (events - all.left) / OF_SOURCE.rate);
      if (lack > 0) return Math.ceil(lack * 1_000);
      own.left -= events;
      all.left -= events;
      return 0;
    },
  };
}
