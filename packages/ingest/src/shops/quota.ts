/** A maximum number of calls within a period. */
export interface Quota {
  /** Returns the milliseconds until one more call may be made. */
  waitMs(): number;
  count(): void;
  /** Returns the counts, by tenths of the period; restored after a restart. */
  counts(): readonly (readonly [tenth: number, calls: number])[];
}

/** A period and one tenth: calls of the same tenth expire together, when the last one is old enough. */
const TENTHS = 11;

/** Creates a quota that counts calls by tenths of the period, so that a day needs little memory. */
export function createQuota(
  { calls, seconds }: { readonly calls: number; readonly seconds: number },
  now: () => number,
  kept: readonly (readonly [tenth: number, calls: number])[] = [],
): Quota {
  const width = seconds * 100;
  const counted = new Map<number, number>(kept);
  /** Drops old counts, and those in the future after a clock change. */
  const current = (): number => {
    const tenth = Math.floor(now() / width);
    for (const one of counted.keys()) if (one <= tenth - TENTHS || one > tenth) counted.delete(one);
    return tenth;
  };
  return {
    waitMs() {
      current();
      let over = [...counted.values()].reduce((sum, one) => sum + one, 1 - calls);
      if (over <= 0) return 0;
      for (const [tenth, made] of [...counted].sort(([one], [other]) => one - other)) {
        over -= made;
        if (over <= 0) return (tenth + TENTHS) * width - now();
      }
      return seconds * 1_000;
    },
    count() {
      const tenth = current();
      counted.set(tenth, (counted.get(tenth) ?? 0) + 1);
    },
    counts() {
      current();
      return [...counted];
    },
  };
}
