/** A value with the time at which it was said, in epoch milliseconds. */
export type Dated<T> = readonly [at: number, value: T];

/** The later of two times. */
export function latest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

/** The newer of two values; of the same time that which stands later in the alphabet, whichever came first. */
export function newer<T>(one: Dated<T> | undefined, other: Dated<T> | undefined): Dated<T> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one[0] !== other[0]) return one[0] > other[0] ? one : other;
  return JSON.stringify(one[1]) > JSON.stringify(other[1]) ? one : other;
}
