const EMPTY = -1;

/** Hashes with their positions, in preallocated memory: a map would create garbage for every entry. */
export interface IdTable {
  readonly size: number;
  add(hash: number, seq: number, check: number): void;
  /** Returns the `nth` position of this hash, from 0; -1 when there are fewer. */
  seqOf(hash: number, nth: number): number;
  /** Returns its check; 0 when there are fewer. */
  checkOf(hash: number, nth: number): number;
  /** Removes the last entry of this hash. */
  takeBack(hash: number): void;
  /** Returns every hash, ascending, with repetitions. */
  sorted(): Float64Array;
  clear(): void;
}

/** Creates a table for a number of entries; it grows if needed. */
export function createIdTable(entries: number): IdTable {
  let slots = 2 ** Math.ceil(Math.log2(entries * 2));
  let hashes = new Float64Array(slots).fill(EMPTY);
  let seqs = new Float64Array(slots);
  let checks = new Uint32Array(slots);
  let size = 0;

  /** Hashes are spread evenly already; their lowest bits choose the slot. */
  const home = (hash: number): number => hash % slots;
  const next = (slot: number): number => (slot + 1 === slots ? 0 : slot + 1);
  const place = (hash: number, seq: number, check: number): void => {
    let slot = home(hash);
    while (hashes[slot] !== EMPTY) slot = next(slot);
    hashes[slot] = hash;
    seqs[slot] = seq;
    checks[slot] = check;
  };
  const grow = (): void => {
    const before = { hashes, seqs, checks };
    const first = before.hashes.indexOf(EMPTY);
    slots *= 2;
    hashes = new Float64Array(slots).fill(EMPTY);
    seqs = new Float64Array(slots);
    checks = new Uint32Array(slots);
    // After an empty slot, entries of one hash are in the order in which they were added.
    for (let step = 0; step < before.hashes.length; step += 1) {
      const slot = (first + step) % before.hashes.length;
      if (before.hashes[slot] !== EMPTY) {
        place(before.hashes[slot]!, before.seqs[slot]!, before.checks[slot]!);
      }
    }
  };
  const slotOf = (hash: number, nth: number): number => {
    let left = nth;
    for (let slot = home(hash); hashes[slot] !== EMPTY; slot = next(slot)) {
      if (hashes[slot] !== hash) continue;
      if (left === 0) return slot;
      left -= 1;
    }
    return EMPTY;
  };

  return {
    get size() {
      return size;
    },
    add(hash, seq, check) {
      if (size * 4 >= slots * 3) grow();
      place(hash, seq, check);
      size += 1;
    },
    seqOf: (hash, nth) => seqs[slotOf(hash, nth)] ?? EMPTY,
    checkOf: (hash, nth) => checks[slotOf(hash, nth)] ?? 0,
    takeBack(hash) {
      let last = EMPTY;
      for (let slot = home(hash); hashes[slot] !== EMPTY; slot = next(slot)) {
        if (hashes[slot] === hash) last = slot;
      }
      if (last === EMPTY) return;
      hashes[last] = EMPTY;
      size -= 1;
      // Entries after the gap may have been displaced past it, and would no longer be found.
      for (let slot = next(last); hashes[slot] !== EMPTY; slot = next(slot)) {
        const moved = hashes[slot]!;
        hashes[slot] = EMPTY;
        place(moved, seqs[slot]!, checks[slot]!);
      }
    },
    sorted() {
      const found = new Float64Array(size);
      let count = 0;
      for (let slot = 0; slot < slots; slot += 1) {
        if (hashes[slot] !== EMPTY) found[count++] = hashes[slot]!;
      }
      return found.sort();
    },
    clear() {
      hashes.fill(EMPTY);
      size = 0;
    },
  };
}
