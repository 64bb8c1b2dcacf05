import type { Rejected, Retry } from '../result/outcome.ts';
import type { SendContext } from './action.ts';

/** An order, or a refund of one, as a destination stores it. */
export interface OrderBack {
  /** The ID of the order in the shop. */
  readonly order: string;
  /**
   * Distinguishes it from others of the same order: two keys of an order are two orders, or two refunds, at the
   * destination.
   */
  readonly key: string;
  /** The total or the refunded amount, in major units (12.34). */
  readonly amount: number;
  /** ISO 4217, where the destination stores it. */
  readonly currency?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly store?: string;
}

/** The orders that were read, or why they are unknown. */
export type OrdersRead = { readonly rows: readonly OrderBack[] } | { readonly failure: Rejected | Retry };

/** The parts of a mapping that decide what it records. */
export interface RecordingMapping {
  readonly action: string;
  readonly mapping: Readonly<Record<string, unknown>>;
}

/** How orders are read back from a destination, for comparison with those of a shop. */
export interface OrdersBack<S = unknown> {
  // Methods, because the runtime passes settings on without their types.
  /** What a mapping records: an order, which replaces the previous one of that ID, or a refund. */
  records(mapping: RecordingMapping): 'order' | 'refund' | undefined;
  /** Reads the orders, or refunds, that are dated within a period; ISO 8601. */
  read(
    what: 'orders' | 'refunds',
    period: { readonly from: string; readonly to: string },
    context: SendContext<S>,
  ): Promise<OrdersRead>;
}
