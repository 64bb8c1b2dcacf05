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

/** A platform-independent shop: its content and operations. */
export class ShopModel {
  readonly clock: Clock;
  readonly traits: Traits;
  /** Its objects, by kind: `tables.order.get(7)`. */
  readonly tables: Tables;
  /** Deleted objects, in order. */
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

  /** Calls back after every change, until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void {
    return this.#base.onChange(listener);
  }

  /** Advances time. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** Reserves a number of IDs of a name and returns the first. */
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
