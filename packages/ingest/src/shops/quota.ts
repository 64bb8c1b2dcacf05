/** Calls within a period, of which there may be so many. */
export interface Quota {
  /** Milliseconds until one more call may be made. */
  waitMs(): number;
  count(): void;
  /** What was counted, as tenths of the period with their calls; to go on after a restart. */
  counts(): readonly (readonly [tenth: number, calls: number])[];
}

/** A period and one tenth: calls of the same tenth leave together, when the last of them is old enough. */
const TENTHS = 11;

/** Counts calls by tenths of the period, so that a day of them takes no memory. */
export function createQuota(
  { calls, seconds }: { readonly calls: number; readonly seconds: number },
  now: () => number,
  kept: readonly (readonly [tenth: number, calls: number])[] = [],
): Quota {
  const width = seconds * 100;
  const counted = new Map<number, number>(kept);
  /** Forgets what is too old, and what a clock that was set back has left in the future. */
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
