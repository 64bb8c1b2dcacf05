/** Seeded random numbers: the same seed gives the same shop, IDs and faults. */
export type Random = () => number;

/** Random numbers from 0 to 1 that follow from a seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A version 4 UUID of these random numbers. */
export function uuidOf(random: Random): string {
  const word = () => Math.floor(random() * 2 ** 32);
  const hex = (bits: number) => (bits >>> 0).toString(16).padStart(8, '0');
  const second = hex((word() & 0xffff0fff) | 0x4000);
  const third = hex((word() & 0x3fffffff) | 0x80000000);
  return `${hex(word())}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${hex(word())}`;
}
