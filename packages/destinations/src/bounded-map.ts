/** A map of bounded size: when it is full, the oldest entry is removed. */
export class BoundedMap<V> {
  readonly #held = new Map<string, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the value of a key. */
  get(key: string): V | undefined {
    return this.#held.get(key);
  }

  /** Sets a value and makes it the newest. */
  set(key: string, value: V): void {
    this.#held.delete(key);
    this.#held.set(key, value);
    if (this.#held.size <= this.#most) return;
    const oldest = this.#held.keys().next();
    if (oldest.done !== true) this.#held.delete(oldest.value);
  }

  /** Removes a key. */
  delete(key: string): void {
    this.#held.delete(key);
  }

  /** The number of keys. */
  get size(): number {
    return this.#held.size;
  }
}
