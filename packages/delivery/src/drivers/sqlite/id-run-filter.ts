/** The number of adjacent rows per block: the IDs of a run are sorted, so those of a block are added together. */
const BLOCK_ROWS = 1024;
const ROWS_PER_ENTRY = 12;
const PROBES = 6;
const HASHES = 2 ** 53;

/** Names the runs that may contain a hash: always the right one, and another about once in three hundred. */
export interface RunFilter {
  add(hash: number, run: number): void;
  /** Whether a run may contain the hash. */
  named(hash: number): (run: number) => boolean;
  bytes(): Uint8Array;
}

/**
 * Creates a Bloom filter for each run of a generation, interleaved: a row has a bit per run, so that reading a few rows checks
 * all runs at once. Runs are identified by number, of which at most `runs` consecutive ones are in use. `stored` are the bytes
 * of an earlier filter, possibly with more runs.
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
