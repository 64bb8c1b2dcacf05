import { withoutAbsent } from '@waybill/core';
import { keyed, keyedAll } from './keyed.ts';

/** A value with its precedence: the greater one wins. */
export interface Said<T> {
  readonly by: string;
  readonly value: T;
}

/** The cost of an order, in major units. */
export interface OrderMoney {
  readonly total: number;
  /** Empty when unknown. */
  readonly currency: string;
  readonly base?: number;
  readonly baseCurrency?: string;
}

/** A refund. */
export interface Refund<L> {
  readonly amount?: number;
  /** Whether it is of the whole order. */
  readonly whole?: true;
  readonly lines?: Said<L>;
}

/** A parcel. Times are ISO 8601. */
export interface Parcel<L> {
  readonly shipped?: string;
  readonly delivered?: string;
  readonly lines?: Said<L>;
  readonly live?: true;
}

/**
 * The facts of one order. Merging records of the same order is commutative, associative and idempotent. `L` is the type of
 * stored items.
 */
export interface OrderRecord<L = never> {
  /** When it was placed; absent while unknown. */
  readonly placed?: Said<string>;
  readonly money?: Said<OrderMoney>;
  readonly lines?: Said<L>;
  readonly subscription?: Said<string>;
  /** By the id of the refund. */
  readonly refunds?: Readonly<Record<string, Said<Refund<L>>>>;
  /** The total refund, as the shop counts. */
  readonly refunded?: number;
  /** By the id of the parcel. */
  readonly parcels?: Readonly<Record<string, Parcel<L>>>;
  /** When it was cancelled. */
  readonly cancelled?: string;
  /** Whether another order replaces it. */
  readonly replaced?: true;
  readonly test?: true;
  /** Whether any fact is live. */
  readonly live?: true;
}

/** Merges two records of the same order. */
export function joined<L>(one: OrderRecord<L>, other: OrderRecord<L>): OrderRecord<L> {
  return withoutAbsent({
    placed: greater(one.placed, other.placed),
    money: greater(one.money, other.money),
    lines: greater(one.lines, other.lines),
    subscription: greater(one.subscription, other.subscription),
    refunds: both(one.refunds, other.refunds, greaterOf),
    refunded: most(one.refunded, other.refunded),
    parcels: both(one.parcels, other.parcels, joinedParcel),
    cancelled: first(one.cancelled, other.cancelled),
    replaced: one.replaced ?? other.replaced,
    test: one.test ?? other.test,
    live: one.live ?? other.live,
  });
}

/** Merges two objects; common members are combined. */
export function both<T>(
  one: Readonly<Record<string, T>> | undefined,
  other: Readonly<Record<string, T>> | undefined,
  join: (one: T, other: T) => T,
): Readonly<Record<string, T>> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const shared = Object.entries(other)
    .filter(([name]) => Object.hasOwn(one, name))
    .map(([name, value]) => [name, join(one[name]!, value)] as const);
  return keyedAll(one, other, keyed(shared));
}

function joinedParcel<L>(one: Parcel<L>, other: Parcel<L>): Parcel<L> {
  return withoutAbsent({
    shipped: first(one.shipped, other.shipped),
    delivered: first(one.delivered, other.delivered),
    lines: greater(one.lines, other.lines),
    live: one.live ?? other.live,
  });
}

function greaterOf<T>(one: Said<T>, other: Said<T>): Said<T> {
  return other.by > one.by ? other : one;
}

/** Returns the value with the greater precedence. */
export function greater<T>(one: Said<T> | undefined, other: Said<T> | undefined): Said<T> | undefined {
  return one === undefined || other === undefined ? (one ?? other) : greaterOf(one, other);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function first(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one < other ? one : other;
}
