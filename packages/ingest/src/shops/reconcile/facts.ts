import type { OrderBack } from '@waybill/core';

/** From when to when orders were placed, both ends included; epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What counts of an order of the shop. Amounts are in the smallest unit of the currency. */
export interface ShopOrder {
  readonly id: string;
  readonly number?: string;
  /** When it was placed; epoch milliseconds. */
  readonly at: number;
  readonly currency: string;
  readonly total: number;
  /** Without tax and shipping, where the shop tells. */
  readonly net?: number;
  readonly refunded: number;
  readonly status: 'open' | 'placed' | 'cancelled';
  readonly store?: string;
}

/** An event of an order, to find its story by. */
export interface OrderEvent {
  readonly seq: number;
  readonly messageId: string;
  readonly sourceId: string;
  readonly event: string;
  readonly at: string;
}

/** What the log says of an order. */
export interface LoggedOrder {
  /** How often it was completed. */
  readonly completed: number;
  /** When it was placed, by its first event. */
  readonly at: number;
  readonly currency: string;
  /** Of the newest event that tells of the whole order. */
  readonly total: number;
  readonly status?: string;
  readonly store?: string;
  /** Refunds by their ids. */
  readonly refunds: ReadonlyMap<string, number>;
  readonly isDeleted: boolean;
  /** What the mappings of the destination make of these events; absent when they make nothing. */
  readonly expected?: { readonly total: number; readonly refunded: number };
  readonly events: readonly OrderEvent[];
}

/** What a destination holds. */
export interface Held {
  readonly orders: ReadonlyMap<string, readonly OrderBack[]>;
  readonly refunds: ReadonlyMap<string, readonly OrderBack[]>;
  /** Whether nothing but the source tells the destination of orders. */
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

/** Where orders are looked at. */
export type Column = 'shop' | 'log' | 'destination' | 'ga4';

/** What can be wrong with an order. */
export type FaultKind =
  'missing' | 'doubled' | 'extra' | 'amount' | 'currency' | 'refunded' | 'status' | 'unreadable';

/** What is wrong with an order in one column, as compared with the shop. */
export interface Fault {
  readonly column: Column;
  readonly kind: FaultKind;
  readonly expected?: string;
  readonly found?: string;
}

/** An order that is not everywhere the same. */
export interface Difference {
  readonly order: string;
  readonly number?: string;
  readonly day?: string;
  readonly currency?: string;
  readonly store?: string;
  readonly faults: readonly Fault[];
  readonly events: readonly OrderEvent[];
}

/** Sums of one column. Amounts are in the unit that people name. */
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
