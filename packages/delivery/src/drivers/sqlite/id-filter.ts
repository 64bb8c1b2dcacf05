/** The number of 32-bit words of a block: a block is one cache line, so a look-up costs one miss. */
const BLOCK_WORDS = 16;
const BITS_PER_ENTRY = 16;
const PROBES = 8;

/** A set of hashes with false positives, about one in a thousand, and no false negatives. */
export interface IdFilter {
  add(hash: number): void;
  mayHave(hash: number): boolean;
  bytes(): Uint8Array;
}

/** Creates a blocked Bloom filter for 53-bit hashes; `stored` are the bytes of an earlier one, which may be larger. */
export function createIdFilter(entries: number, stored?: Uint8Array): IdFilter {
  const blocks =
    stored === undefined
      ? Math.max(1, Math.ceil((entries * BITS_PER_ENTRY) / (BLOCK_WORDS * 32)))
      : stored.length / (BLOCK_WORDS * 4);
  const words = new Uint32Array(blocks * BLOCK_WORDS);
  if (stored !== undefined) new Uint8Array(words.buffer).set(stored);
  const low = (hash: number): number => hash % 0x1_0000_0000;
  const start = (hash: number): number => Math.floor((low(hash) * blocks) / 0x1_0000_0000) * BLOCK_WORDS;
  const mixed = (hash: number): number =>
    Math.imul((hash / 0x1_0000_0000) ^ Math.imul(low(hash), 0x2c1b3c6d), 0x297a2d39);
  return {
    add(hash) {
      const at = start(hash);
      let bits = mixed(hash);
      for (let probe = 0; probe < PROBES; probe += 1) {
        bits = (Math.imul(bits, 0x9e3779b1) + 0x7f4a7c15) | 0;
        words[at + (bits >>> 28)]! |= 1 << ((bits >>> 23) & 31);
      }
    },
    mayHave(hash) {
      const at = start(hash);
      let bits = mixed(hash);
      for (let probe = 0; probe < PROBES; probe += 1) {
        bits = (Math.imul(bits, 0x9e3779b1) + 0x7f4a7c15) | 0;
        if ((words[at + (bits >>> 28)]! & (1 << ((bits >>> 23) & 31))) === 0) return false;
      }
      return true;
    },
    bytes: () => new Uint8Array(words.buffer),
  };
}
