import type { Change, Happenings, Silence, Traits } from './changes.ts';
import type { Clock } from './clock.ts';
import type { Entities, Kind, Stamped } from './entities.ts';
import { uuidOf, type Random } from './random.ts';
import { Table } from './table.ts';

/** All tables, by kind. */
export type Tables = { readonly [K in Kind]: Table<Entities[K]> };

/** An object without the common members. */
export type Content<T extends Stamped> = Omit<T, keyof Stamped>;

/** A deletion. */
export interface Deleted {
  readonly kind: Kind;
  readonly id: number;
  readonly uuid: string;
  readonly at: number;
}

/** The base of operations: tables, time, IDs, and notification of changes. */
export class Base {
  readonly clock: Clock;
  readonly traits: Traits;
  readonly tables: Tables = {
    store: new Table('store'),
    category: new Table('category'),
    group: new Table('group'),
    product: new Table('product'),
    customer: new Table('customer'),
    consent: new Table('consent'),
    cart: new Table('cart'),
    order: new Table('order'),
    subscription: new Table('subscription'),
    review: new Table('review'),
  };
  readonly deleted: Deleted[] = [];
  readonly #random: Random;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #counts = new Map<string, number>();

  constructor(clock: Clock, random: Random, traits: Traits) {
    this.clock = clock;
    this.traits = traits;
    this.#random = random;
  }

  /** Returns the next number of a name. */
  count(name: string, first = 1): number {
    const next = this.#counts.get(name) ?? first;
    this.#counts.set(name, next + 1);
    return next;
  }

  /** Returns an ID and a UUID for a nested object: a line, an address. */
  ids(name: string): { readonly id: number; readonly uuid: string } {
    return { id: this.count(name), uuid: this.uuid() };
  }

  /** A UUID. */
  uuid(): string {
    return uuidOf(this.#random);
  }

  /** Creates an object, and notifies listeners. */
  insert<K extends Kind>(kind: K, content: Content<Entities[K]>): Entities[K] {
    const at = this.clock.tick();
    const stamp = { id: this.count(kind), uuid: this.uuid(), version: 1, createdAt: at, updatedAt: at };
    // Content and stamp together are the object.
    const row = { ...content, ...stamp } as unknown as Entities[K];
    this.#table(kind).put(row);
    this.#tell(kind, 'created' as Happenings[K], { at, after: row });
    return row;
  }

  /** Changes an object, and notifies listeners. */
  update<K extends Kind>(
    kind: K,
    id: number,
    what: Happenings[K],
    content: Partial<Content<Entities[K]>>,
    options: { readonly silent?: Silence; readonly about?: number } = {},
  ): Entities[K] {
    const table = this.#table(kind);
    const before = table.get(id);
    const at = this.clock.tick();
    const quiet = options.silent !== undefined && this.traits.silent.includes(options.silent);
    const after: Entities[K] = {
      ...before,
      ...content,
      version: before.version + 1,
      updatedAt: quiet ? before.updatedAt : at,
    };
    table.put(after);
    const about = options.about === undefined ? {} : { about: options.about };
    this.#tell(kind, what, { at, before, after, ...about });
    return after;
  }

  /** Deletes an object, and notifies listeners. */
  remove<K extends 'customer' | 'order' | 'product' | 'review'>(kind: K, id: number): void {
    const table = this.#table(kind);
    const before = table.get(id);
    const at = this.clock.tick();
    table.remove(before);
    this.deleted.push({ kind, id, uuid: before.uuid, at });
    this.#tell(kind, 'deleted' as Happenings[K], { at, before });
  }

  /** Calls back after every change, until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table<K extends Kind>(kind: K): Table<Entities[K]> {
    return this.tables[kind] as unknown as Table<Entities[K]>;
  }

  #tell<K extends Kind>(
    kind: K,
    what: Happenings[K],
    rest: { at: number; before?: Entities[K]; after?: Entities[K]; about?: number },
  ): void {
    const { id, uuid } = (rest.after ?? rest.before)!;
    const change = { seq: this.count('change'), kind, what, id, uuid, ...rest } as unknown as Change;
    for (const listener of this.#listeners) listener(change);
  }
}
