import type { Rejected, ResolvedDestination, ResolvedSource, Retry } from '@waybill/core';
import type { Log, State } from '@waybill/delivery';
import type { ShopReading } from '../reading.ts';
import { readAnalytics } from './analytics.ts';
import { type Compared, differencesOf, extraHeld } from './compare.ts';
import { daysOf } from './days.ts';
import type { AnalyticsRow, Column, DayRow, LoggedOrder, ShopOrder, Span } from './facts.ts';
import { createPatience, type Patience } from './patience.ts';
import { type HeldInput, readHeld } from './read-held.ts';
import { readLoggedOrders, type Records } from './read-log.ts';
import { orderStreams, readShopOrder, readShopOrders } from './read-shop.ts';
import { type ToldDifference, withStories } from './story.ts';

/** The result of a comparison. */
export interface Reconciled {
  /** The compared columns. */
  readonly columns: readonly Column[];
  /** The number of orders of the shop. */
  readonly orders: number;
  readonly days: readonly DayRow[];
  /** Orders with differences: only the oldest, when there are very many. */
  readonly differences: readonly ToldDifference[];
  /** The total number. */
  readonly differing: number;
}

/** The current step, and its number of rows or events. */
export interface ReconcileProgress {
  readonly doing: Exclude<Column, 'ga4'>;
  readonly read: number;
}

/** The inputs of a comparison. */
export interface ReconcileInput {
  readonly source: ResolvedSource;
  readonly shop: Pick<ShopReading, 'context'>;
  readonly log: Pick<Log, 'read' | 'extent'>;
  readonly state: Pick<State, 'outcomes' | 'retries' | 'deadLetters'>;
  readonly span: Span;
  /** The IANA time zone of the days. */
  readonly timeZone: string;
  readonly destination?: {
    readonly destination: ResolvedDestination;
    readonly records: Records;
    readonly read: HeldInput['read'];
    readonly isAlone: boolean;
  };
  /** An export of Google Analytics, as CSV. */
  readonly ga4?: string;
  readonly onProgress: (progress: ReconcileProgress) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

/** A running comparison. */
export interface Reconciliation {
  readonly ended: Promise<Reconciled | { readonly failure: Rejected | Retry }>;
  stop(): void;
}

/** The limits of a comparison. */
export const RECONCILE_LIMITS = { days: 366, orders: 100_000, differences: 1_000 };

/** The maximum number of orders known to one side only that are read from the shop. */
const MOST_ASKED = 500;

/** Compares the orders of a shop with those of the log and of a destination. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const patience = createPatience(input.sleep);
  return { ended: run(input, patience), stop: () => patience.stop() };
}

async function run(input: ReconcileInput, patience: Patience): ReturnType<typeof compareAll> {
  const analytics = input.ga4 === undefined ? undefined : readAnalytics(input.ga4);
  if (analytics !== undefined && 'problem' in analytics) return refused(analytics.problem);
  if (!orderStreams(input.source).some(([, { page }]) => page !== undefined))
    return refused('The orders of this shop cannot be listed.');
  const forgotten = await forgottenUntil(input);
  if (forgotten !== undefined)
    return refused(
      `The log no longer has events that arrived before ${forgotten}: choose a later start of the period.`,
    );
  return compareAll(input, patience, analytics?.rows);
}

async function compareAll(
  input: ReconcileInput,
  patience: Patience,
  analytics: readonly AnalyticsRow[] | undefined,
): Promise<Reconciled | { readonly failure: Rejected | Retry }> {
  const { source, shop, log, state, span, destination, now } = input;
  const counted = (doing: ReconcileProgress['doing']): ((rows: number) => void) => {
    let read = 0;
    input.onProgress({ doing, read });
    return (rows) => input.onProgress({ doing, read: (read += rows) });
  };
  const reading = { source, shop, span, most: RECONCILE_LIMITS.orders, patience, now };
  const ofShop = await readShopOrders({ ...reading, onRead: counted('shop') });
  if ('failure' in ofShop) return ofShop;
  const logged = await readLoggedOrders({
    log,
    source: source.id,
    span,
    records: destination?.records ?? (() => undefined),
    known: (id) => ofShop.orders.has(id),
    onRead: counted('log'),
    stopped: () => patience.stopped,
    now,
  });
  const held =
    destination && (await readHeld({ ...destination, span, patience, now, onRead: counted('destination') }));
  if (held !== undefined && 'failure' in held) return held;
  const dayOf = daysIn(input.timeZone);
  const compared: Compared = {
    shop: ofShop.orders,
    unreadable: ofShop.unreadable,
    log: logged,
    ...(held === undefined ? {} : { held }),
    ...(analytics === undefined ? {} : { ga4: withinDays(analytics, ofShop.orders, span, dayOf) }),
    span,
    dayOf,
  };
  const whole = await withOrdersAskedFor(compared, reading);
  if ('failure' in whole) return whole;
  const differences = differencesOf(whole);
  return {
    columns: [
      'shop',
      'log',
      ...(held === undefined ? [] : (['destination'] as const)),
      ...(analytics === undefined ? [] : (['ga4'] as const)),
    ],
    orders: whole.shop.size,
    days: daysOf(whole),
    differences: await withStories(differences.slice(0, RECONCILE_LIMITS.differences), state),
    differing: differences.length,
  };
}

/** Reads orders from the shop that it did not list, but another column has: they may have been created long before. */
async function withOrdersAskedFor(
  compared: Compared,
  reading: Parameters<typeof readShopOrder>[1],
): Promise<Compared | { readonly failure: Rejected | Retry }> {
  const orders = new Map(compared.shop);
  const log = new Map(compared.log);
  const held = new Map(compared.held?.orders);
  const unlisted = [...log].flatMap(([id, { isDeleted }]) => (orders.has(id) || isDeleted ? [] : [id]));
  const wanted = [...unlisted, ...extraHeld(compared).keys()];
  for (const id of wanted.slice(0, MOST_ASKED)) {
    const order = await readShopOrder(id, reading);
    if (order === undefined || order === 'gone') continue;
    if ('failure' in order) return order;
    if (order.at >= compared.span.from && order.at <= compared.span.to) orders.set(id, order);
    // It was placed at another time, or is not placed yet: it belongs to another period.
    else if (order.status !== 'open' || !log.has(id)) for (const one of [log, held]) one.delete(id);
    else orders.set(id, { ...order, at: log.get(id)!.at });
  }
  return {
    ...compared,
    shop: orders,
    log: log as ReadonlyMap<string, LoggedOrder>,
    ...(compared.held === undefined ? {} : { held: { ...compared.held, orders: held } }),
  };
}

/** Keeps only rows of the days of the period. */
function withinDays(
  rows: readonly AnalyticsRow[],
  shop: ReadonlyMap<string, ShopOrder>,
  { from, to }: Span,
  dayOf: (at: number) => string,
): readonly AnalyticsRow[] {
  const numbers = new Set([...shop.values()].map(({ number }) => number));
  const [first, last] = [dayOf(from), dayOf(to)];
  return rows.filter(
    ({ order, day }) =>
      shop.has(order) || numbers.has(order) || day === undefined || (day >= first && day <= last),
  );
}

/** Returns until when the log was pruned; undefined when it has the whole period. */
async function forgottenUntil({ log, span }: ReconcileInput): Promise<string | undefined> {
  const { firstSeq = 1, oldestAt = 0 } = await log.extent();
  return firstSeq > 1 && oldestAt > span.from ? new Date(oldestAt).toISOString() : undefined;
}

function daysIn(timeZone: string): (at: number) => string {
  // This locale formats 2026-01-15.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (at) => format.format(at);
}

function refused(message: string): { readonly failure: Rejected } {
  return { failure: { status: 'rejected', code: 'request_invalid', message } };
}
