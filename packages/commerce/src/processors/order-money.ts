import { currencyDigits, minorOf } from '@waybill/core';
import type { OrderMoney, OrderRecord } from './order-record.ts';

/** Amounts of an order, in minor units, and the total in the base currency. */
export interface OrderAmounts {
  readonly currency: string;
  readonly total: number;
  readonly refunded: number;
  readonly baseCurrency?: string;
  readonly base?: number;
}

/** Returns the cost and refunds of an order; undefined while the cost is unknown. */
export function amountsOf(order: OrderRecord<unknown>): OrderAmounts | undefined {
  if (order.money === undefined) return undefined;
  const { total, currency, base, baseCurrency }: OrderMoney = order.money.value;
  const minor = (amount: number): number => minorOf(amount, currency) ?? 0;
  const whole = minor(total);
  const all = Object.entries(order.refunds ?? {});
  // A page reports a refund of the shop without an ID: if there are IDs, only those count.
  const named = all.filter(([id]) => !id.startsWith('~'));
  const sum = (named.length > 0 ? named : all)
    .map(([, { value }]) => (value.whole === true ? whole : minor(value.amount ?? 0)))
    .reduce((one, other) => one + other, 0);
  const inBase = base === undefined ? undefined : minorOf(base, baseCurrency!);
  return {
    currency,
    total: whole,
    refunded: Math.max(sum, minor(order.refunded ?? 0)),
    ...(inBase === undefined ? {} : { base: inBase, baseCurrency: baseCurrency! }),
  };
}

/** Converts amounts to another currency; undefined without a known rate. */
export function convertedTo(
  currency: string,
  rates: Readonly<Record<string, unknown>>,
  amounts: OrderAmounts,
): { readonly total: number; readonly refunded: number } | undefined {
  const { total, refunded } = amounts;
  if (amounts.currency === currency) return { total, refunded };
  if (amounts.baseCurrency === currency) {
    const { base } = amounts;
    return { total: base!, refunded: total === 0 ? 0 : Math.round((refunded / total) * base!) };
  }
  const rate = Object.hasOwn(rates, amounts.currency) ? rates[amounts.currency] : undefined;
  if (typeof rate !== 'number' || !(rate > 0)) return undefined;
  const digits = currencyDigits(currency) - currencyDigits(amounts.currency);
  const convert = (minor: number): number => Math.round(minor * rate * 10 ** digits);
  return { total: convert(total), refunded: convert(refunded) };
}
