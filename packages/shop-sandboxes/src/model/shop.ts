import { Base, type Deleted, type Tables } from './base.ts';
import { Carts } from './carts.ts';
import { Catalog } from './catalog.ts';
import type { Change, Traits } from './changes.ts';
import type { Clock } from './clock.ts';
import { Customers } from './customers.ts';
import { Fulfilment } from './fulfilment.ts';
import { Orders } from './orders.ts';
import { randomOf } from './random.ts';
import { Reviews } from './reviews.ts';
import { Subscriptions } from './subscriptions.ts';

/** A shop that belongs to no platform: what is in it, and what can happen in it. */
export class ShopModel {
  readonly clock: Clock;
  readonly traits: Traits;
  /** What is in it, by kind: `tables.order.get(7)`. */
  readonly tables: Tables;
  /** What is there no more, in the order it went. */
  readonly deleted: readonly Deleted[];
  readonly catalog: Catalog;
  readonly customers: Customers;
  readonly carts: Carts;
  readonly orders: Orders;
  readonly fulfilment: Fulfilment;
  readonly subscriptions: Subscriptions;
  readonly reviews: Reviews;
  readonly #base: Base;

  constructor(options: { readonly clock: Clock; readonly seed: number; readonly traits: Traits }) {
    const base = new Base(options.clock, randomOf(options.seed), options.traits);
    this.#base = base;
    this.clock = options.clock;
    this.traits = options.traits;
    this.tables = base.tables;
    this.deleted = base.deleted;
    this.catalog = new Catalog(base);
    this.customers = new Customers(base);
    this.carts = new Carts(base, this.catalog);
    this.orders = new Orders(base, this.catalog);
    this.fulfilment = new Fulfilment(base);
    this.subscriptions = new Subscriptions(base, this.orders);
    this.reviews = new Reviews(base);
  }

  /** Calls back after every change, until what is returned is called. */
  onChange(listener: (change: Change) => void): () => void {
    return this.#base.onChange(listener);
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** The first of so many ids of a name that nothing else gets. */
  reserve(name: string, count: number): number {
    const first = this.#base.count(name);
    for (let more = 1; more < count; more += 1) this.#base.count(name);
    return first;
  }

  /** A UUID that follows from the seed. */
  uuid(): string {
    return this.#base.uuid();
  }
}
