import type { OrderBack } from '@waybill/core';

/** The period in which orders were placed, both ends included; epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The compared parts of an order of the shop. Amounts are in minor units. */
export interface ShopOrder {
  readonly id: string;
  readonly number?: string;
  /** When it was placed; epoch milliseconds. */
  readonly at: number;
  readonly currency: string;
  readonly total: number;
  /** Without tax and shipping, if the shop has it. */
  readonly net?: number;
  readonly refunded: number;
  readonly status: 'open' | 'placed' | 'cancelled';
  readonly store?: string;
}

/** An event of an order, to find its story. */
export interface OrderEvent {
  readonly seq: number;
  readonly messageId: string;
  readonly sourceId: string;
  readonly event: string;
  readonly at: string;
}

/** An order in the log. */
export interface LoggedOrder {
  /** The number of times it was completed. */
  readonly completed: number;
  /** When it was placed, by its first event. */
  readonly at: number;
  readonly currency: string;
  /** From the newest event with the whole order. */
  readonly total: number;
  readonly status?: string;
  readonly store?: string;
  /** Refunds by ID. */
  readonly refunds: ReadonlyMap<string, number>;
  readonly isDeleted: boolean;
  /** The results of the destination's mappings for these events; absent when there are none. */
  readonly expected?: { readonly total: number; readonly refunded: number };
  readonly events: readonly OrderEvent[];
}

/** The orders at a destination. */
export interface Held {
  readonly orders: ReadonlyMap<string, readonly OrderBack[]>;
  readonly refunds: ReadonlyMap<string, readonly OrderBack[]>;
  /** Whether only this source sends orders to the destination. */
  readonly isAlone: boolean;
}

/** A line of an export of Google Analytics. */
export interface AnalyticsRow {
  readonly order: string;
  readonly revenue?: string;
  readonly currency?: string;
  /** YYYY-MM-DD, in the time zone of the property. */
  readonly day?: string;
}

/** A column of the comparison. */
export type Column = 'shop' | 'log' | 'destination' | 'ga4';

/** The kinds of faults of an order. */
export type FaultKind =
  'missing' | 'doubled' | 'extra' | 'amount' | 'currency' | 'refunded' | 'status' | 'unreadable';

/** A fault of an order in one column, compared with the shop. */
export interface Fault {
  readonly column: Column;
  readonly kind: FaultKind;
  readonly expected?: string;
  readonly found?: string;
}

/** An order with differences. */
export interface Difference {
  readonly order: string;
  readonly number?: string;
  readonly day?: string;
  readonly currency?: string;
  readonly store?: string;
  readonly faults: readonly Fault[];
  readonly events: readonly OrderEvent[];
}

/** Sums of one column. Amounts are in major units. */
export interface Sums {
  readonly orders: number;
  readonly revenue: number;
  readonly refunded: number;
}

/** Sums of a day, by currency and store. */
export interface DayRow {
  readonly day: string;
  readonly currency: string;
  readonly store?: string;
  readonly sums: Readonly<Partial<Record<Column, Sums>>>;
}
