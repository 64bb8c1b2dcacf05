/** A map with an end: when it is full, what was set first goes. */
export class BoundedMap<V> {
  readonly #held = new Map<string, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The value of a key. */
  get(key: string): V | undefined {
    return this.#held.get(key);
  }

  /** Sets a value and makes it the youngest. */
  set(key: string, value: V): void {
    this.#held.delete(key);
    this.#held.set(key, value);
    if (this.#held.size <= this.#most) return;
    const oldest = this.#held.keys().next();
    if (oldest.done !== true) this.#held.delete(oldest.value);
  }

  /** Forgets a key. */
  delete(key: string): void {
    this.#held.delete(key);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#held.size;
  }
}
