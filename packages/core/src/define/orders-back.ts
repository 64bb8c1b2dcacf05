import type { Rejected, Retry } from '../result/outcome.ts';
import type { SendContext } from './action.ts';

/** An order, or a refund of one, as a destination holds it. */
export interface OrderBack {
  /** The order, as the shop names it. */
  readonly order: string;
  /** Tells it from others of the same order: two keys of an order are two orders to the destination, or two refunds. */
  readonly key: string;
  /** What the order comes to, or what was given back, in the unit that people name. */
  readonly amount: number;
  /** ISO 4217, where the destination holds it. */
  readonly currency?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly store?: string;
}

/** What was read back, or why nobody knows. */
export type OrdersRead = { readonly rows: readonly OrderBack[] } | { readonly failure: Rejected | Retry };

/** A mapping, as far as it decides what it records. */
export interface RecordingMapping {
  readonly action: string;
  readonly mapping: Readonly<Record<string, unknown>>;
}

/** How orders are read back from a destination, to be compared with those of a shop. */
export interface OrdersBack<S = unknown> {
  // Methods, as the runtime hands settings over without knowing what they are.
  /** What a mapping records: an order, in place of the one before of that id; or a refund beside it. */
  records(mapping: RecordingMapping): 'order' | 'refund' | undefined;
  /** Orders, or refunds, that are dated within a period; ISO 8601. */
  read(
    what: 'orders' | 'refunds',
    period: { readonly from: string; readonly to: string },
    context: SendContext<S>,
  ): Promise<OrdersRead>;
}
