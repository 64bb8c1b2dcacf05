/** The items of each user as a chain from the newest back: two numbers per item, for any number of users. */
export class Chains {
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  #last = new Int32Array(1024);
  #owner = new Int32Array(1024);
  #before = new Int32Array(1024);

  /** Adds the item `seq`, stored at `at`, to the chain of its user. */
  link(key: string | undefined, at: number, seq: number): void {
    if (at >= this.#owner.length) {
      this.#owner = copied(new Int32Array(at * 2), this.#owner);
      this.#before = copied(new Int32Array(at * 2), this.#before);
    }
    if (key === undefined) {
      this.#owner[at] = -1;
      return;
    }
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#keys.push(key) - 1;
      this.#numbers.set(key, number);
      if (number >= this.#last.length) this.#last = copied(new Int32Array(number * 2), this.#last);
      this.#last[number] = -1;
    }
    this.#owner[at] = number;
    this.#before[at] = this.#last[number]!;
    this.#last[number] = seq;
  }

  /** Returns the user of the item at `at`. */
  key(at: number): string | undefined {
    return this.#keys[this.#owner[at]!];
  }

  /** Collects the items of a user that are not older than `oldest`. */
  walk(key: string, oldest: number, at: (seq: number) => number, into: Set<number>): void {
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    for (let seq = this.#last[number]!; seq >= oldest && seq >= 0; seq = this.#before[at(seq)]!)
      into.add(seq);
  }
}

/** Copies a column to a longer one. */
export function copied<T extends Uint16Array | Int32Array | Float64Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
