/** A histogram of delays, with four buckets per doubling: quantiles are accurate to a tenth. */
export type Delays = Map<number, number>;

const BUCKETS_OF_DOUBLE = 4;
/** Twelve days. */
const LAST_BUCKET = 120;

/** Adds a delay in milliseconds. */
export function addDelay(delays: Delays, milliseconds: number, count = 1): void {
  const bucket =
    milliseconds <= 1 ? 0 : Math.min(LAST_BUCKET, Math.round(Math.log2(milliseconds) * BUCKETS_OF_DOUBLE));
  delays.set(bucket, (delays.get(bucket) ?? 0) + count);
}

/** Adds the counts of `more`. */
export function addDelays(delays: Delays, more: Delays): void {
  for (const [bucket, count] of more) delays.set(bucket, (delays.get(bucket) ?? 0) + count);
}

/** Returns a quantile in milliseconds; undefined when empty. */
export function quantile(delays: Delays, share: number): number | undefined {
  const all = [...delays].sort(([a], [b]) => a - b);
  let left = share * all.reduce((sum, [, count]) => sum + count, 0);
  for (const [bucket, count] of all) {
    left -= count;
    if (left <= 0) return Math.round(2 ** (bucket / BUCKETS_OF_DOUBLE));
  }
  return undefined;
}
