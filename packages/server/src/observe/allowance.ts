/** So much at once, and so much again every second. */
export interface Allowance {
  /** Takes up to so many; returns how many there were. */
  take(count: number): number;
}

/** An allowance that is full at first. */
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
