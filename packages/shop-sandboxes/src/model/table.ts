import type { Stamped } from './entities.ts';
import { indicesOf, type Past, type Rows } from './past.ts';

/** The sort order of rows; those of the same time by ID. */
export type RowOrder = 'id' | 'createdAt' | 'updatedAt';

/** All objects of a kind, in order of creation. Objects are immutable and replaced; past ones never change. */
export class Table<T extends Stamped> {
  readonly #rows = new Map<number, T>();
  readonly #ids = new Map<string, number>();
  readonly #name: string;
  /** A cache of sorted rows, until a change. */
  readonly #sorted = new Map<RowOrder, readonly T[]>();
  #past: Past<T> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Returns all. */
  all(): readonly T[] {
    return this.sorted('id');
  }

  /** Returns all, sorted. */
  sorted(by: RowOrder): readonly T[] {
    const rows = this.between(by);
    return rows.slice(0, rows.length);
  }

  /** Returns rows between two times (or IDs), inclusive, sorted: fast for many rows. Past rows are generated on demand. */
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

  /** Returns rows without past ones. */
  present(by: RowOrder = 'id'): readonly T[] {
    let rows = this.#sorted.get(by);
    if (rows === undefined) {
      rows = [...this.#rows.values()].sort((one, other) => one[by] - other[by] || one.id - other.id);
      this.#sorted.set(by, rows);
    }
    return rows;
  }

  /** Sets the past. */
  setPast(past: Past<T>): void {
    this.#past = past;
  }

  /** The number of rows. */
  get size(): number {
    return this.#rows.size + (this.#past?.count ?? 0);
  }

  /** Returns the object with an ID, if any. */
  find(id: number | string): T | undefined {
    const key = typeof id === 'string' ? this.#ids.get(id) : id;
    const found = key === undefined ? undefined : this.#rows.get(key);
    return found ?? this.#past?.find(id);
  }

  /** Returns the object with an ID or UUID; throws when there is none. */
  get(id: number | string): T {
    const found = this.find(id);
    if (found === undefined) throw new Error(`There is no ${this.#name} ${id}.`);
    return found;
  }

  /** Stores an object, replacing the one with its ID. */
  put(row: T): void {
    if (this.#past?.find(row.id) !== undefined)
      throw new Error(`The ${this.#name} ${row.id} is of the past.`);
    this.#sorted.clear();
    this.#rows.set(row.id, row);
    this.#ids.set(row.uuid, row.id);
  }

  /** Removes an object. */
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

/** Returns the index of the first row that satisfies a monotonic condition. */
function firstWhere<T>(rows: readonly T[], holds: (row: T) => boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(rows[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
