import type { Stamped } from './entities.ts';

/** What rows are read in the order of; those of the same time by their ids. */
export type RowOrder = 'id' | 'createdAt' | 'updatedAt';

/** All things of a kind, in the order they were made. What it holds is never changed, only replaced. */
export class Table<T extends Stamped> {
  readonly #rows = new Map<number, T>();
  readonly #ids = new Map<string, number>();
  readonly #name: string;
  /** Rows in an order, until something changes. */
  readonly #sorted = new Map<RowOrder, readonly T[]>();

  constructor(name: string) {
    this.#name = name;
  }

  /** All of them. */
  all(): readonly T[] {
    return this.sorted('id');
  }

  /** All of them in an order. */
  sorted(by: RowOrder): readonly T[] {
    let rows = this.#sorted.get(by);
    if (rows === undefined) {
      rows = [...this.#rows.values()].sort((one, other) => one[by] - other[by] || one.id - other.id);
      this.#sorted.set(by, rows);
    }
    return rows;
  }

  /** Those from a time (or id) to another, both inclusive, in that order: quick for many rows, too. */
  between(by: RowOrder, from = -Infinity, to = Infinity): readonly T[] {
    const rows = this.sorted(by);
    const start = firstWhere(rows, (row) => row[by] >= from);
    const end = to === Infinity ? rows.length : firstWhere(rows, (row) => row[by] > to);
    return rows.slice(start, end);
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
    this.#sorted.clear();
    this.#rows.set(row.id, row);
    this.#ids.set(row.uuid, row.id);
  }

  /** Forgets a thing. */
  remove(row: T): void {
    this.#sorted.clear();
    this.#rows.delete(row.id);
    this.#ids.delete(row.uuid);
  }
}

/** The place of the first row for which something holds that holds for all after it. */
function firstWhere<T>(rows: readonly T[], holds: (row: T) => boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(rows[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
