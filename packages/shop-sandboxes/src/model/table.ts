import type { Stamped } from './entities.ts';

/** All things of a kind, in the order they were made. What it holds is never changed, only replaced. */
export class Table<T extends Stamped> {
  readonly #rows = new Map<number, T>();
  readonly #ids = new Map<string, number>();
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** All of them. */
  all(): readonly T[] {
    return [...this.#rows.values()];
  }

  /** How many there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** The thing of an id, if there is one. */
  find(id: number | string): T | undefined {
    const key = typeof id === 'string' ? this.#ids.get(id) : id;
    return key === undefined ? undefined : this.#rows.get(key);
  }

  /** The thing of an id or UUID, which must be there. */
  get(id: number | string): T {
    const found = this.find(id);
    if (found === undefined) throw new Error(`There is no ${this.#name} ${id}.`);
    return found;
  }

  /** Keeps a thing, in place of the one with its id. */
  put(row: T): void {
    this.#rows.set(row.id, row);
    this.#ids.set(row.uuid, row.id);
  }

  /** Forgets a thing. */
  remove(row: T): void {
    this.#rows.delete(row.id);
    this.#ids.delete(row.uuid);
  }

  /** Forgets everything. */
  clear(): void {
    this.#rows.clear();
    this.#ids.clear();
  }
}
