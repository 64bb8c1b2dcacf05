/** A call to the shop, or by it to a webhook. */
export interface Call {
  readonly seq: number;
  readonly direction: 'in' | 'out';
  readonly method: string;
  readonly path: string;
  /** 0: no answer. */
  readonly status: number;
  readonly fault?: string;
}

/** The maximum number of stored calls. */
const KEPT = 2000;

/** The newest calls, and counts of all. */
export class Calls {
  readonly #newest: Call[] = [];
  readonly #counts = new Map<string, number>();
  #seq = 0;

  /** Records a call. */
  note(call: Omit<Call, 'seq'>): void {
    this.#seq += 1;
    this.#newest.push({ seq: this.#seq, ...call });
    if (this.#newest.length > KEPT) this.#newest.splice(0, KEPT / 2);
    const name = `${call.direction} ${call.status}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Returns the newest, oldest first. */
  last(count = KEPT): readonly Call[] {
    return this.#newest.slice(-count);
  }

  /** Returns the counts by direction and status: `{"in 200": 7}`. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
