/**
 * Computes a 53-bit hash, the most that a number represents exactly: two 32-bit streams with different multipliers, mixed at
 * the end. The seed is random per database, so that colliding IDs cannot be prepared.
 */
export function hash53(text: string, seed: number): number {
  let a = seed | 0;
  let b = ~seed;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
    a ^= a >>> 15;
    b = (b << 13) | (b >>> 19);
  }
  a = Math.imul(a ^ (b >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  a ^= b >>> 16;
  b ^= a >>> 15;
  return (b & 0x1fffff) * 0x1_0000_0000 + (a >>> 0);
}
