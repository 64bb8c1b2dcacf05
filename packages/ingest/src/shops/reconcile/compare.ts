import { amountOf, minorOf, type OrderBack } from '@waybill/core';
import type { AnalyticsRow, Column, Difference, Fault, Held, LoggedOrder, ShopOrder, Span } from './facts.ts';
import { written } from './read-shop.ts';

/** The inputs of a comparison. */
export interface Compared {
  readonly shop: ReadonlyMap<string, ShopOrder>;
  /** Unreadable rows of the shop. */
  readonly unreadable: ReadonlyMap<string, Fault>;
  readonly log: ReadonlyMap<string, LoggedOrder>;
  readonly held?: Held;
  readonly ga4?: readonly AnalyticsRow[];
  readonly span: Span;
  readonly dayOf: (at: number) => string;
}

/** Returns every order with differences, the oldest first. */
export function differencesOf(compared: Compared): readonly Difference[] {
  const { shop, log, unreadable } = compared;
  const analytics = compared.ga4 === undefined ? undefined : byOrder(compared.ga4, shop);
  const found: Difference[] = [];
  const add = (id: string, faults: readonly Fault[]): void => {
    if (faults.length > 0) found.push(differenceOf(id, faults, compared));
  };
  for (const [id, order] of shop)
    add(id, [
      ...logFaults(order, log.get(id)),
      ...heldFaults(order, log.get(id), compared.held),
      ...(analytics === undefined ? [] : analyticsFaults(order, analytics.get(id) ?? [])),
    ]);
  for (const [id, logged] of log)
    if (!shop.has(id) && logged.completed > 0 && !logged.isDeleted)
      add(id, [{ column: 'log', kind: 'extra', found: written(logged.total, logged.currency) }]);
  for (const [id, row] of extraHeld(compared))
    add(id, [{ column: 'destination', kind: 'extra', found: amountText(row) }]);
  for (const [id, [row]] of analytics ?? [])
    if (!shop.has(id)) add(id, [{ column: 'ga4', kind: 'extra', found: row?.revenue ?? '' }]);
  for (const [id, fault] of unreadable) add(id, [fault]);
  return found.sort((a, b) => compareText(a.day ?? '', b.day ?? '') || compareText(a.order, b.order));
}

function logFaults(order: ShopOrder, logged: LoggedOrder | undefined): readonly Fault[] {
  const column = 'log';
  const expected = written(order.total, order.currency);
  if (logged === undefined || logged.completed === 0) return [{ column, kind: 'missing', expected }];
  const faults: Fault[] = [];
  if (logged.completed > 1)
    faults.push({ column, kind: 'doubled', expected: '1', found: String(logged.completed) });
  if (logged.currency !== order.currency)
    faults.push({ column, kind: 'currency', expected: order.currency, found: logged.currency });
  else if (logged.total !== order.total)
    faults.push({ column, kind: 'amount', expected, found: written(logged.total, logged.currency) });
  const refunded = [...logged.refunds.values()].reduce((sum, amount) => sum + amount, 0);
  if (refunded !== order.refunded) faults.push(refundFault(column, order, order.refunded, refunded));
  if (logged.status !== undefined && logged.status !== order.status)
    faults.push({ column, kind: 'status', expected: order.status, found: logged.status });
  return faults;
}

/**
 * The destination is compared with the results of its mappings, so that what they leave out is not a fault; an order that the
 * log lacks is compared with the shop.
 */
function heldFaults(
  order: ShopOrder,
  logged: LoggedOrder | undefined,
  held: Held | undefined,
): readonly Fault[] {
  const column = 'destination';
  if (held === undefined || (logged !== undefined && logged.expected === undefined)) return [];
  const { currency } = order;
  const totals =
    logged?.expected === undefined ? [order.total, order.total - order.refunded] : [logged.expected.total];
  const rows = held.orders.get(order.id) ?? [];
  const expected = written(totals[0]!, currency);
  if (rows.length === 0) return [{ column, kind: 'missing', expected }];
  const faults: Fault[] = [];
  if (rows.length > 1) faults.push({ column, kind: 'doubled', expected: '1', found: String(rows.length) });
  const row = rows.find(({ key }) => key === order.id) ?? rows[0]!;
  if (row.currency !== undefined && row.currency !== currency)
    faults.push({ column, kind: 'currency', expected: currency, found: row.currency });
  if (!totals.some((total) => minorOf(row.amount, currency) === total))
    faults.push({ column, kind: 'amount', expected, found: amountText(row, currency) });
  const due = logged?.expected?.refunded;
  const refunded = sumOf(held.refunds.get(order.id) ?? [], currency);
  if (due !== undefined && refunded !== due) faults.push(refundFault(column, order, due, refunded));
  return faults;
}

function analyticsFaults(order: ShopOrder, rows: readonly AnalyticsRow[]): readonly Fault[] {
  const column = 'ga4';
  const { currency, total, net = total } = order;
  const expected = written(total, currency);
  if (rows.length === 0) return [{ column, kind: 'missing', expected }];
  const faults: Fault[] = [];
  if (rows.length > 1) faults.push({ column, kind: 'doubled', expected: '1', found: String(rows.length) });
  const [row] = rows as readonly [AnalyticsRow];
  if (row.currency !== undefined && row.currency !== currency)
    faults.push({ column, kind: 'currency', expected: currency, found: row.currency });
  const revenue = row.revenue === undefined ? undefined : minorOf(row.revenue, currency);
  // With or without tax and shipping: both are called revenue there.
  if (row.revenue !== undefined && ![total, net].includes(revenue ?? Number.NaN))
    faults.push({ column, kind: 'amount', expected, found: `${row.revenue} ${row.currency ?? ''}`.trim() });
  return faults;
}

/** Orders of the destination that neither the shop nor the log has, if no other client can have sent them. */
export function extraHeld({ shop, log, held, span }: Compared): ReadonlyMap<string, OrderBack> {
  if (held?.isAlone !== true) return new Map();
  const isInside = ({ at }: OrderBack): boolean => at !== undefined && at >= span.from && at <= span.to;
  return new Map(
    [...held.orders].flatMap(([id, [row]]) =>
      row === undefined || shop.has(id) || log.has(id) || !isInside(row) ? [] : [[id, row] as const],
    ),
  );
}

function differenceOf(id: string, faults: readonly Fault[], { shop, log, dayOf }: Compared): Difference {
  const order = shop.get(id);
  const logged = log.get(id);
  const { currency, store, at } = order ?? logged ?? {};
  return {
    order: id,
    ...(order?.number === undefined ? {} : { number: order.number }),
    ...(at === undefined || Number.isNaN(at) ? {} : { day: dayOf(at) }),
    ...(currency === undefined ? {} : { currency }),
    ...(store === undefined ? {} : { store }),
    faults,
    events: logged?.events ?? [],
  };
}

/** Rows by order ID; some properties contain the order number that customers see. */
export function byOrder(
  rows: readonly AnalyticsRow[],
  shop: ReadonlyMap<string, ShopOrder>,
): ReadonlyMap<string, readonly AnalyticsRow[]> {
  const numbers = new Map([...shop.values()].map(({ id, number }) => [number, id]));
  const found = new Map<string, AnalyticsRow[]>();
  for (const row of rows) {
    const id = shop.has(row.order) ? row.order : (numbers.get(row.order) ?? row.order);
    found.set(id, [...(found.get(id) ?? []), row]);
  }
  return found;
}

/** Sums rows, in minor units of a currency. */
export function sumOf(rows: readonly OrderBack[], currency: string): number {
  return rows.reduce((sum, { amount }) => sum + (minorOf(amount, currency) ?? 0), 0);
}

function refundFault(column: Column, { currency }: ShopOrder, expected: number, found: number): Fault {
  return {
    column,
    kind: 'refunded',
    expected: written(expected, currency),
    found: written(found, currency),
  };
}

function amountText({ amount, currency }: OrderBack, assumed = ''): string {
  const named = currency ?? assumed;
  const minor = named === '' ? undefined : minorOf(amount, named);
  return minor === undefined ? String(amount) : `${amountOf(minor, named)} ${named}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
