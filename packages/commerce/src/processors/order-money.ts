import { currencyDigits, minorOf } from '@waybill/core';
import type { OrderMoney, OrderRecord } from './order-record.ts';

/** Amounts of an order, in the smallest unit of its currency, and what it came to in the currency of the books. */
export interface OrderAmounts {
  readonly currency: string;
  readonly total: number;
  readonly refunded: number;
  readonly baseCurrency?: string;
  readonly base?: number;
}

/** What an order cost and what was given back of it; undefined as long as nobody has said what it cost. */
export function amountsOf(order: OrderRecord<unknown>): OrderAmounts | undefined {
  if (order.money === undefined) return undefined;
  const { total, currency, base, baseCurrency }: OrderMoney = order.money.value;
  const minor = (amount: number): number => minorOf(amount, currency) ?? 0;
  const whole = minor(total);
  const all = Object.entries(order.refunds ?? {});
  // A page that tells of a refund of the shop gives it no id: where there are ids, those count.
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

/** Amounts in another currency; undefined where nothing says what one is worth in the other. */
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
