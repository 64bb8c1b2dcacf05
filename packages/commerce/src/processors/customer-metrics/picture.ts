import { amountOf, type Payload, withoutAbsent } from '@waybill/core';
import { convertedTo } from '../order-money.ts';
import { orderIdOf, ordersIn } from '../order-keys.ts';
import { joined, type OrderRecord } from '../order-record.ts';
import { added, type Affinity, type Counts, topOf } from './affinity.ts';
import type { metrics, settings } from './fields.ts';
import { counts, type DayOf, type MoneySum, type Orders, type Placed, sumsOf } from './orders.ts';
import { weekdayIn } from './weekday.ts';

/** The settings, checked. */
export type Settings = Payload<typeof settings>;
/** The metrics of a customer. */
export type Metrics = Payload<typeof metrics>;

/** The number of reported categories and brands. */
const TOP = 5;
/** The order that breaks ties between days. */
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Returns the day of the week in the time zone of the shop. */
export function dayIn({ timeZone = 'UTC' }: Settings): DayOf {
  return weekdayIn(timeZone);
}

/** Computes the metrics of a customer from the orders. */
export function metricsOf(orders: Orders, given: Settings): Metrics {
  const { known, folded } = orders;
  const counted = Object.entries(ordersIn(known, joined)).filter(([, order]) => counts(order));
  const count = counted.length + (folded?.count ?? 0);
  const placed = [
    ...counted.map(([id, order]): Placed => ({ at: order.placed!.value, id })),
    ...[folded?.first, folded?.last].flatMap((one) => one ?? []),
  ].sort((one, other) => (one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1));
  const last = placed.at(-1);
  const records = counted.map(([, order]) => order);
  const categories = topOf(sumOf(records, folded?.categories, 'categories'), TOP);
  const brands = topOf(sumOf(records, folded?.brands, 'brands'), TOP);
  const days = records
    .map(({ placed: one }) => dayIn(given)(one!.value))
    .reduce((all, day) => (day === undefined ? all : added(all, { [day]: 1 })), folded?.days ?? {});
  return {
    orders_count: count,
    ...moneyOf(records, folded?.money ?? [], given),
    ...withoutAbsent({
      first_order_at: placed[0]?.at,
      last_order_at: last?.at,
      last_order_id: last && orderIdOf(last.id),
      favorite_category: categories[0],
      top_categories: categories.length === 0 ? undefined : categories,
      favorite_brand: brands[0],
      top_brands: brands.length === 0 ? undefined : brands,
      usual_day: usualOf(days),
    }),
  };
}

function moneyOf(
  records: readonly OrderRecord<unknown>[],
  folded: readonly MoneySum[],
  { baseCurrency, rates = {} }: Settings,
): Partial<Metrics> {
  const all = [...records.flatMap(sumsOf), ...folded];
  const base = baseCurrency?.toUpperCase() ?? onlyOne(all.map(({ currency }) => currency));
  if (base === undefined || base === '') return {};
  let [total, refunded, orders, unconverted] = [0, 0, 0, 0];
  for (const amounts of all) {
    const converted = convertedTo(base, rates, amounts);
    if (converted === undefined) unconverted += amounts.orders;
    else {
      total += converted.total;
      refunded += converted.refunded;
      orders += amounts.orders;
    }
  }
  const spent = amountOf(total - refunded, base);
  return {
    total_spent: spent,
    total_refunded: amountOf(refunded, base),
    lifetime_value: spent,
    currency: base,
    ...(orders === 0 ? {} : { average_order_value: amountOf(Math.round(total / orders), base) }),
    ...(unconverted === 0 ? {} : { unconverted_orders: unconverted }),
  };
}

function onlyOne(values: readonly string[]): string | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

function sumOf(
  records: readonly OrderRecord<Affinity>[],
  folded: Counts | undefined,
  what: keyof Affinity,
): Counts {
  return records.reduce((all, { lines }) => added(all, lines?.value[what] ?? {}), folded ?? {});
}

function usualOf(days: Counts): string | undefined {
  const most = Math.max(...Object.values(days));
  return DAYS.find((day) => days[day] === most);
}
