import type { OrderBack, OrdersRead, ResolvedDestination } from '@waybill/core';
import type { Held, Span } from './facts.ts';
import type { Patience } from './patience.ts';

/** A destination from which orders can be read back. */
export interface HeldInput {
  readonly destination: ResolvedDestination;
  readonly read: (what: 'orders' | 'refunds', period: { from: string; to: string }) => Promise<OrdersRead>;
  readonly span: Span;
  readonly isAlone: boolean;
  readonly patience: Patience;
  readonly onRead: (rows: number) => void;
  readonly now: () => number;
}

/** Times may be stored in whole seconds. */
const EDGE = 60_000;
/** Shorter periods are not split. */
const SHORTEST = 3_600_000;

/** Reads the orders of a period from a destination; refunds may come at any time after it. */
export async function readHeld(input: HeldInput): Promise<Held | Extract<OrdersRead, { failure: unknown }>> {
  const { span, isAlone, now } = input;
  const from = span.from - EDGE;
  const orders = await periodOf('orders', { from, to: span.to + EDGE }, input);
  if ('failure' in orders) return orders;
  const refunds = await periodOf('refunds', { from, to: Math.max(from, now()) + EDGE }, input);
  if ('failure' in refunds) return refunds;
  return { orders: byOrder(orders.rows), refunds: byOrder(refunds.rows), isAlone };
}

/** Reads a period; one with too long an answer is halved. */
async function periodOf(what: 'orders' | 'refunds', span: Span, input: HeldInput): Promise<OrdersRead> {
  const { patience, read, onRead } = input;
  const period = { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() };
  const isLong = span.to - span.from > SHORTEST;
  const answer: OrdersRead = await patience.of(async () => {
    const told = await read(what, period);
    const isTooLong = 'failure' in told && told.failure.code === 'destination_unreadable_answer' && isLong;
    return isTooLong ? { halve: true as const, rows: [] } : told;
  });
  if ('failure' in answer) return answer;
  if (!('halve' in answer)) {
    onRead(answer.rows.length);
    return answer;
  }
  const middle = Math.floor((span.from + span.to) / 2 / 1_000) * 1_000;
  const first = await periodOf(what, { from: span.from, to: middle }, input);
  if ('failure' in first) return first;
  const second = await periodOf(what, { from: middle + 1_000, to: span.to }, input);
  return 'failure' in second ? second : { rows: [...first.rows, ...second.rows] };
}

function byOrder(rows: readonly OrderBack[]): ReadonlyMap<string, readonly OrderBack[]> {
  const found = new Map<string, Map<string, OrderBack>>();
  for (const row of rows) {
    const own = found.get(row.order) ?? new Map<string, OrderBack>();
    found.set(row.order, own);
    own.set(row.key, row);
  }
  return new Map([...found].map(([order, own]) => [order, [...own.values()]]));
}
