import { Chains, copied } from './chains.ts';

/** The outcomes of items of a write. */
export const outcomes = [
  'accepted',
  'invalid',
  'forgotten',
  'conflict',
  'notFound',
  'disallowed',
  'typeConflict',
] as const;

/** The name of an outcome. */
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

/** What is recorded about an item on arrival. */
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

/** An item of the whole log, with its owner. */
export interface OwnedEntry extends LogEntry {
  email?: string;
  userId?: string;
}

/**
 * Every received item, in arrival order, readable per user. Columns of numbers and one chain per identifier, because a load test adds
 * millions of items, too many for objects. With a limit the columns are ring buffers.
 */
export class ItemLog {
  readonly #most: number;
  readonly #endpoints: string[] = [];
  readonly #emails = new Chains();
  readonly #userIds = new Chains();
  readonly #ids: (string | undefined)[] = [];
  readonly #names: (string | undefined)[] = [];
  #size = 0;
  #kind = new Uint16Array(1024);
  #createdAt = new Float64Array(1024);
  #marker = new Float64Array(1024);

  constructor(most = Infinity) {
    this.#most = most;
  }

  /** The number of received items. */
  get size(): number {
    return this.#size;
  }

  /** The sequence number of the oldest item that is still kept. */
  get oldest(): number {
    return Math.max(0, this.#size - this.#most);
  }

  /** Returns the number of an endpoint. */
  endpoint(name: string): number {
    return this.#endpoints.push(name) - 1;
  }

  /** An empty log that knows the same endpoints. */
  fresh(): ItemLog {
    const log = new ItemLog(this.#most);
    for (const name of this.#endpoints) log.endpoint(name);
    return log;
  }

  /** Records an item. */
  note(item: Received): void {
    const seq = this.#size;
    this.#size += 1;
    if (this.#most === 0) return;
    const at = this.#at(seq);
    if (at === this.#kind.length) this.#grow();
    this.#kind[at] = item.endpoint * 16 + outcomes.indexOf(item.outcome);
    this.#ids[at] = item.id;
    this.#names[at] = item.name;
    this.#createdAt[at] = item.createdAt ?? NaN;
    this.#marker[at] = typeof item.marker === 'number' ? item.marker : NaN;
    this.#emails.link(item.email?.toLowerCase(), at, seq);
    this.#userIds.link(item.userId, at, seq);
  }

  /** The items that named this email or userId, in arrival order. */
  of(user: string): LogEntry[] {
    const seqs = new Set<number>();
    const at = (seq: number) => this.#at(seq);
    this.#emails.walk(user.toLowerCase(), this.oldest, at, seqs);
    this.#userIds.walk(user, this.oldest, at, seqs);
    return [...seqs].sort((a, b) => a - b).map((seq) => this.entry(seq));
  }

  /** The items after a sequence number, with their owners. */
  page(after: number, limit: number): OwnedEntry[] {
    const page: OwnedEntry[] = [];
    const from = Math.max(after + 1, this.oldest);
    for (let seq = from; seq < Math.min(this.#size, from + limit); seq += 1) {
      const entry: OwnedEntry = this.entry(seq);
      const email = this.#emails.key(this.#at(seq));
      const userId = this.#userIds.key(this.#at(seq));
      if (email !== undefined) entry.email = email;
      if (userId !== undefined) entry.userId = userId;
      page.push(entry);
    }
    return page;
  }

  /** One item by its sequence number. */
  entry(seq: number): LogEntry {
    const at = this.#at(seq);
    const kind = this.#kind[at]!;
    const entry: LogEntry = { seq, endpoint: this.#endpoints[kind >> 4]!, outcome: outcomes[kind & 15]! };
    const [id, name] = [this.#ids[at], this.#names[at]];
    const [createdAt, marker] = [this.#createdAt[at]!, this.#marker[at]!];
    if (id !== undefined) entry.id = id;
    if (name !== undefined) entry.eventName = name;
    if (!Number.isNaN(createdAt)) entry.createdAt = createdAt;
    if (!Number.isNaN(marker)) entry.orderMarker = marker;
    return entry;
  }

  #at(seq: number): number {
    return seq < this.#most ? seq : seq % this.#most;
  }

  #grow(): void {
    const size = this.#kind.length * 2;
    this.#kind = copied(new Uint16Array(size), this.#kind);
    this.#createdAt = copied(new Float64Array(size), this.#createdAt);
    this.#marker = copied(new Float64Array(size), this.#marker);
  }
}
