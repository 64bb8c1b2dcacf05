import type { Entities, Kind } from './entities.ts';

/** The changes of each kind of object. */
export interface Happenings {
  readonly store: 'created';
  readonly category: 'created';
  readonly group: 'created';
  readonly product: 'created' | 'updated' | 'stock' | 'deleted';
  readonly customer: 'created' | 'updated' | 'address' | 'email' | 'deleted';
  readonly consent: 'created' | 'updated';
  readonly cart:
    'created' | 'updated' | 'coupon' | 'checkout' | 'abandoned' | 'ordered' | 'merged' | 'deleted';
  readonly order:
    | 'created'
    | 'paid'
    | 'edited'
    | 'replaced'
    | 'cancelled'
    | 'refunded'
    | 'shipped'
    | 'tracked'
    | 'delivered'
    | 'comment'
    | 'customer'
    | 'deleted';
  readonly subscription: 'created' | 'renewed' | 'updated' | 'paused' | 'resumed' | 'failed' | 'cancelled';
  readonly review: 'created' | 'updated' | 'deleted';
}

/** A change in the shop: the previous and new state of an object. */
export type Change = {
  readonly [K in Kind]: {
    /** 1, 2, 3: no two changes have the same. */
    readonly seq: number;
    readonly at: number;
    readonly kind: K;
    readonly what: Happenings[K];
    readonly id: number;
    readonly uuid: string;
    /** Absent for a new object. */
    readonly before?: Entities[K];
    /** Absent for a deleted object. */
    readonly after?: Entities[K];
    /** The id of the refund, shipment or tracking that the change is about. */
    readonly about?: number;
  };
}[Kind];

/** Changes that do not update `updatedAt` on a platform. */
export type Silence =
  'refund' | 'shipment' | 'tracking' | 'delivery' | 'comment' | 'consent' | 'address' | 'stock';

/** The traits of a platform. */
export interface Traits {
  /** Whether an order is edited, or cancelled in favour of a new one. */
  readonly edits: 'inPlace' | 'replace';
  readonly silent: readonly Silence[];
}
