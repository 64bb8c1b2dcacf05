/** How an item of a write ended. */
export const outcomes = [
  'accepted',
  'invalid',
  'forgotten',
  'conflict',
  'notFound',
  'disallowed',
  'typeConflict',
] as const;

/** The name of an item's end. */
export type Outcome = (typeof outcomes)[number];

/** One received item as the control API shows it. */
export interface LogEntry {
  seq: number;
  endpoint: string;
  outcome: Outcome;
  id?: string;
  eventName?: string;
  createdAt?: number;
  orderMarker?: number;
}

/** What is noted about an item when it arrives. */
export interface Received {
  readonly endpoint: number;
  readonly email: string | undefined;
  readonly userId: string | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly createdAt: number | undefined;
  readonly marker: unknown;
  readonly outcome: Outcome;
}

/**
 * Every item received, in arrival order, readable per user. Columns of numbers and one chain per identifier, because
 * a load test puts millions of items in here and an object for each would not fit.
 */
export class ItemLog {
  readonly #endpoints: string[] = [];
  readonly #lastByEmail = new Map<string, number>();
  readonly #lastByUserId = new Map<string, number>();
  readonly #ids: (string | undefined)[] = [];
  readonly #names: (string | undefined)[] = [];
  #size = 0;
  #kind = new Uint16Array(1024);
  #beforeByEmail = new Int32Array(1024);
  #beforeByUserId = new Int32Array(1024);
  #createdAt = new Float64Array(1024);
  #marker = new Float64Array(1024);

  /** How many items were received. */
  get size(): number {
    return this.#size;
  }

  /** The number under which an endpoint is noted. */
  endpoint(name: string): number {
    return this.#endpoints.push(name) - 1;
  }

  /** An empty log that knows the same endpoints. */
  fresh(): ItemLog {
    const log = new ItemLog();
    for (const name of this.#endpoints) log.endpoint(name);
    return log;
  }

  /** Notes one item. */
  note(item: Received): void {
    const seq = this.#size;
    if (seq === this.#kind.length) this.#grow();
    this.#size += 1;
    this.#kind[seq] = item.endpoint * 16 + outcomes.indexOf(item.outcome);
    this.#ids.push(item.id);
    this.#names.push(item.name);
    this.#createdAt[seq] = item.createdAt ?? NaN;
    this.#marker[seq] = typeof item.marker === 'number' ? item.marker : NaN;
    this.#beforeByEmail[seq] = link(this.#lastByEmail, item.email?.toLowerCase(), seq);
    this.#beforeByUserId[seq] = link(this.#lastByUserId, item.userId, seq);
  }

  /** The items that named this email or userId, in arrival order. */
  of(user: string): LogEntry[] {
    const seqs = new Set<number>();
    walk(this.#lastByEmail.get(user.toLowerCase()), this.#beforeByEmail, seqs);
    walk(this.#lastByUserId.get(user), this.#beforeByUserId, seqs);
    return [...seqs].sort((a, b) => a - b).map((seq) => this.entry(seq));
  }

  /** One item by its sequence number. */
  entry(seq: number): LogEntry {
    const kind = this.#kind[seq]!;
    const entry: LogEntry = { seq, endpoint: this.#endpoints[kind >> 4]!, outcome: outcomes[kind & 15]! };
    const [id, name] = [this.#ids[seq], this.#names[seq]];
    const [createdAt, marker] = [this.#createdAt[seq]!, this.#marker[seq]!];
    if (id !== undefined) entry.id = id;
    if (name !== undefined) entry.eventName = name;
    if (!Number.isNaN(createdAt)) entry.createdAt = createdAt;
    if (!Number.isNaN(marker)) entry.orderMarker = marker;
    return entry;
  }

  #grow(): void {
    const size = this.#kind.length * 2;
    this.#kind = copied(new Uint16Array(size), this.#kind);
    this.#beforeByEmail = copied(new Int32Array(size), this.#beforeByEmail);
    this.#beforeByUserId = copied(new Int32Array(size), this.#beforeByUserId);
    this.#createdAt = copied(new Float64Array(size), this.#createdAt);
    this.#marker = copied(new Float64Array(size), this.#marker);
  }
}

function copied<T extends Uint16Array | Int32Array | Float64Array>(to: T, from: T): T {
  to.set(from);
  return to;
}

function link(last: Map<string, number>, key: string | undefined, seq: number): number {
  if (key === undefined) return -1;
  const before = last.get(key) ?? -1;
  last.set(key, seq);
  return before;
}

function walk(last: number | undefined, before: Int32Array, into: Set<number>): void {
  for (let seq = last ?? -1; seq >= 0; seq = before[seq]!) into.add(seq);
}
