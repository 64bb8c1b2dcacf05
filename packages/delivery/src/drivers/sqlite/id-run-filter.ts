/** Rows that lie together: the ids of a run come in order, so that those of a block are added one after the other. */
const BLOCK_ROWS = 1024;
const ROWS_PER_ENTRY = 12;
const PROBES = 6;
const HASHES = 2 ** 53;

/** Names the runs that may hold a hash: always the one that does, and another about once in three hundred. */
export interface RunFilter {
  add(hash: number, run: number): void;
  /** Tells of a run whether it may hold the hash. */
  named(hash: number): (run: number) => boolean;
  bytes(): Uint8Array;
}

/**
 * A Bloom filter for each run of a generation, side by side: a row has a bit for each run, so that a look at a few rows asks all
 * of them at once. Runs are told apart by their numbers, of which at most `runs` in a row are in use. `stored` are the
 * bytes of an earlier one, which may be of more runs.
 */
export function createRunFilter(entriesPerRun: number, runs: number, stored?: Uint8Array): RunFilter {
  const blocks = Math.max(1, Math.ceil((entriesPerRun * ROWS_PER_ENTRY) / BLOCK_ROWS));
  const width = stored === undefined ? Math.ceil(runs / 32) : stored.length / (blocks * BLOCK_ROWS * 4);
  const columns = width * 32;
  const words = new Uint32Array(blocks * BLOCK_ROWS * width);
  if (stored !== undefined) new Uint8Array(words.buffer).set(stored);
  const start = (hash: number): number => Math.floor((hash / HASHES) * blocks) * BLOCK_ROWS;
  const mixed = (hash: number): number =>
    Math.imul((hash / 0x1_0000_0000) ^ Math.imul(hash % 0x1_0000_0000, 0x297a2d39), 0x2c1b3c6d);
  const next = (bits: number): number => (Math.imul(bits, 0x9e3779b1) + 0x7f4a7c15) | 0;
  return {
    add(hash, run) {
      const column = run % columns;
      const at = start(hash);
      let bits = mixed(hash);
      for (let probe = 0; probe < PROBES; probe += 1) {
        bits = next(bits);
        words[(at + (bits >>> 22)) * width + (column >>> 5)]! |= 1 << (column & 31);
      }
    },
    named(hash) {
      const found = new Uint32Array(width).fill(0xffff_ffff);
      const at = start(hash);
      let bits = mixed(hash);
      for (let probe = 0; probe < PROBES; probe += 1) {
        bits = next(bits);
        const row = (at + (bits >>> 22)) * width;
        for (let word = 0; word < width; word += 1) found[word]! &= words[row + word]!;
      }
      return (run) => (found[(run % columns) >>> 5]! & (1 << ((run % columns) & 31))) !== 0;
    },
    bytes: () => new Uint8Array(words.buffer),
  };
}
