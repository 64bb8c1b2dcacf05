/** A value with its time, in epoch milliseconds. */
export type Dated<T> = readonly [at: number, value: T];

/** Returns the later of two times. */
export function latest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

/** Returns the newer of two values; of the same time the alphabetically later one, in any order of arrival. */
export function newer<T>(one: Dated<T> | undefined, other: Dated<T> | undefined): Dated<T> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one[0] !== other[0]) return one[0] > other[0] ? one : other;
  if (isSame(one[1], other[1])) return one;
  return JSON.stringify(one[1]) > JSON.stringify(other[1]) ? one : other;
}

/** Whether two values are certainly equal, without serialising them. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  const [a, b] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
