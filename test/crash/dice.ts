/** A generator of numbers from 0 to 1 that gives the same ones for the same seed. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A whole number from `from` to `to`, both included. */
export function between(dice: () => number, from: number, to: number): number {
  return from + Math.floor(dice() * (to - from + 1));
}
