/** A Map can have at most 2^24 entries; a generation is closed well before that. */
const GENERATION = 8_000_000;

/** A map from string to value that can grow beyond the size at which a plain Map throws. */
export class BigMap<T> {
  #generations: Map<string, T>[] = [new Map()];
  #size = 0;

  /** The number of entries. */
  get size(): number {
    return this.#size;
  }

  /** Returns the value of a key. */
  get(key: string): T | undefined {
    for (const generation of this.#generations) {
      const value = generation.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Stores a value, replacing the one already there. */
  set(key: string, value: T): void {
    const holder = this.#generations.find((generation) => generation.has(key));
    if (holder !== undefined) {
      holder.set(key, value);
      return;
    }
    let last = this.#generations.at(-1)!;
    if (last.size >= GENERATION) this.#generations.push((last = new Map()));
    last.set(key, value);
    this.#size += 1;
  }

  /** Stores a value under a key known to be absent. */
  add(key: string, value: T): void {
    let last = this.#generations.at(-1)!;
    if (last.size >= GENERATION) this.#generations.push((last = new Map()));
    last.set(key, value);
    this.#size += 1;
  }

  /** Removes an entry. */
  delete(key: string): void {
    for (const generation of this.#generations) if (generation.delete(key)) this.#size -= 1;
  }

  /** Yields every value, oldest first. */
  *values(): Generator<T> {
    for (const generation of this.#generations) yield* generation.values();
  }
}
