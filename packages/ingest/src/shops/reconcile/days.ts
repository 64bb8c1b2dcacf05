import { amountOf, minorOf } from '@waybill/core';
import { byOrder, type Compared, sumOf } from './compare.ts';
import type { Column, DayRow } from './facts.ts';

/** Running sums, in minor units. */
interface Adding {
  readonly day: string;
  readonly currency: string;
  readonly store: string | undefined;
  readonly sums: Partial<Record<Column, { orders: number; revenue: number; refunded: number }>>;
}

/** Returns orders and amounts by day, currency and store, for each column; the oldest first. */
export function daysOf(compared: Compared): readonly DayRow[] {
  const { shop, log, held, ga4, dayOf } = compared;
  const rows = new Map<string, Adding>();
  const add = (
    column: Column,
    of: Pick<Adding, 'day' | 'currency' | 'store'>,
    revenue: number,
    refunded = 0,
  ): void => {
    const key = JSON.stringify([of.day, of.currency, of.store]);
    const row = rows.get(key) ?? { ...of, sums: {} };
    rows.set(key, row);
    const sum = (row.sums[column] ??= { orders: 0, revenue: 0, refunded: 0 });
    sum.orders += 1;
    sum.revenue += revenue;
    sum.refunded += refunded;
  };
  const placeOf = (at: number, currency: string, store: string | undefined): Parameters<typeof add>[1] => ({
    day: dayOf(at),
    currency,
    store,
  });
  for (const order of shop.values())
    add('shop', placeOf(order.at, order.currency, order.store), order.total, order.refunded);
  for (const order of log.values()) {
    if (order.completed === 0) continue;
    const refunded = [...order.refunds.values()].reduce((sum, amount) => sum + amount, 0);
    add('log', placeOf(order.at, order.currency, order.store), order.total, refunded);
  }
  for (const [id, own] of held?.orders ?? []) {
    const known = shop.get(id) ?? log.get(id);
    if (known === undefined) continue;
    for (const [index, row] of own.entries()) {
      const currency = row.currency ?? known.currency;
      const place = placeOf(row.at ?? known.at, currency, row.store ?? known.store);
      const refunded = index === 0 ? sumOf(held?.refunds.get(id) ?? [], currency) : 0;
      add('destination', place, minorOf(row.amount, currency) ?? 0, refunded);
    }
  }
  for (const [id, own] of ga4 === undefined ? [] : byOrder(ga4, shop)) {
    const known = shop.get(id);
    if (known === undefined) continue;
    for (const { revenue = '', currency = known.currency, day = dayOf(known.at) } of own)
      add('ga4', { day, currency, store: known.store }, minorOf(revenue, currency) ?? 0);
  }
  return [...rows.values()].map(finished).sort(byDay);
}

function finished({ day, currency, store, sums }: Adding): DayRow {
  const columns = Object.entries(sums).map(([column, { orders, revenue, refunded }]) => [
    column,
    { orders, revenue: amountOf(revenue, currency), refunded: amountOf(refunded, currency) },
  ]);
  return { day, currency, ...(store === undefined ? {} : { store }), sums: Object.fromEntries(columns) };
}

function byDay(a: DayRow, b: DayRow): number {
  const [one, other] = [a, b].map(({ day, currency, store = '' }) => `${day} ${currency} ${store}`);
  return one! < other! ? -1 : one! > other! ? 1 : 0;
}
