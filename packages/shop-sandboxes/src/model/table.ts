import type { Stamped } from './entities.ts';
import { indicesOf, type Past, type Rows } from './past.ts';

/** What rows are read in the order of; those of the same time by their ids. */
export type RowOrder = 'id' | 'createdAt' | 'updatedAt';

/** All things of a kind, in the order they were made. What it holds is never changed, only replaced; what is of the past, not even that. */
export class Table<T extends Stamped> {
  readonly #rows = new Map<number, T>();
  readonly #ids = new Map<string, number>();
  readonly #name: string;
  /** Rows in an order, until something changes. */
  readonly #sorted = new Map<RowOrder, readonly T[]>();
  #past: Past<T> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** All of them. */
  all(): readonly T[] {
    return this.sorted('id');
  }

  /** All of them in an order. */
  sorted(by: RowOrder): readonly T[] {
    const rows = this.between(by);
    return rows.slice(0, rows.length);
  }

  /**
   * Those from a time (or id) to another, both inclusive, in that order: quick for many rows, too. Rows of the past are made when
   * they are taken; the others may be arranged in another way.
   */
  between(
    by: RowOrder,
    from = -Infinity,
    to = Infinity,
    arrange: (present: readonly T[]) => readonly T[] = (present) => present,
  ): Rows<T> {
    const own = arrange(this.#between(by, from, to));
    const past = this.#past;
    if (past === undefined) return own;
    const [first, end] = indicesOf(past, by, from, to);
    const before = firstWhere(own, (row) => row[by] >= (by === 'id' ? past.firstId : past.from));
    const count = Math.max(0, end - first);
    return {
      length: own.length + count,
      slice: (start, stop) => [
        ...own.slice(start, Math.min(stop, before)),
        ...past.slice(first + Math.max(0, start - before), first + Math.min(count, stop - before)),
        ...own.slice(Math.max(before, start - count), Math.max(before, stop - count)),
      ],
    };
  }

  /** Those that are not of the past. */
  present(by: RowOrder = 'id'): readonly T[] {
    let rows = this.#sorted.get(by);
    if (rows === undefined) {
      rows = [...this.#rows.values()].sort((one, other) => one[by] - other[by] || one.id - other.id);
      this.#sorted.set(by, rows);
    }
    return rows;
  }

  /** Begins with a past. */
  setPast(past: Past<T>): void {
    this.#past = past;
  }

  /** How many there are. */
  get size(): number {
    return this.#rows.size + (this.#past?.count ?? 0);
  }

  /** The thing of an id, if there is one. */
  find(id: number | string): T | undefined {
    const key = typeof id === 'string' ? this.#ids.get(id) : id;
    const found = key === undefined ? undefined : this.#rows.get(key);
    return found ?? this.#past?.find(id);
  }

  /** The thing of an id or UUID, which must be there. */
  get(id: number | string): T {
    const found = this.find(id);
    if (found === undefined) throw new Error(`There is no ${this.#name} ${id}.`);
    return found;
  }

  /** Keeps a thing, in place of the one with its id. */
  put(row: T): void {
    if (this.#past?.find(row.id) !== undefined)
      throw new Error(`The ${this.#name} ${row.id} is of the past.`);
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

  #between(by: RowOrder, from: number, to: number): readonly T[] {
    const rows = this.present(by);
    const start = firstWhere(rows, (row) => row[by] >= from);
    const end = to === Infinity ? rows.length : firstWhere(rows, (row) => row[by] > to);
    return rows.slice(start, end);
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
