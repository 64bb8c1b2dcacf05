/** A token bucket: an amount at once, refilled every second. */
export interface Allowance {
  /** Takes up to a number of tokens; returns how many were available. */
  take(count: number): number;
}

/** Creates an allowance that is initially full. */
export function createAllowance(size: number, now: () => number): Allowance {
  let [left, at] = [size, now()];
  return {
    take(count) {
      const passed = Math.max(0, now() - at);
      at = now();
      left = Math.min(size, left + (passed * size) / 1_000);
      const taken = Math.max(0, Math.min(count, Math.floor(left)));
      left -= taken;
      return taken;
    },
  };
}
