import type { Channel } from './lookups.ts';
import type { JsonObject } from '../read.ts';

/** An order with its related resources. */
export interface OrderRow {
  readonly order: JsonObject;
  readonly coupons: readonly JsonObject[];
  readonly shipments: readonly JsonObject[];
  readonly refunds: readonly JsonObject[];
  readonly channel?: Channel;
}

/** A customer with the names of its references. */
export interface CustomerRow {
  readonly customer: JsonObject;
  readonly group?: string;
  /** Customer attributes by name. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly channel?: Channel;
}

/** A cart with its checkout, or the order that it became. */
export type CartRow =
  | {
      readonly cart: JsonObject;
      readonly checkout?: JsonObject;
      readonly channel?: Channel;
      readonly isAbandoned?: boolean;
    }
  | { readonly ordered: { readonly cart: string; readonly order: JsonObject } };

/** A subscriber with the channel of the sign-up. */
export interface SubscriberRow {
  readonly subscriber: JsonObject;
  readonly channel?: Channel;
}

/** A product with the names of its references. */
export interface ProductRow {
  readonly product: JsonObject;
  readonly currency: string;
  readonly categories: readonly string[];
  readonly brand?: string;
  /** Address of the storefront. */
  readonly site?: string;
}

/** A product with its reviews. */
export interface ReviewedRow {
  readonly product: JsonObject;
  readonly reviews: readonly JsonObject[];
}
