import { type Event, minorOf } from '@waybill/core';
import type { Log, LoggedEvent } from '@waybill/delivery';
import type { LoggedOrder, OrderEvent, Span } from './facts.ts';

/** What the mappings of a destination record for an event: an order, or a refund. */
export type Records = (event: Event) => 'order' | 'refund' | undefined;

/** The inputs of reading the log. */
export interface LoggedOrdersInput {
  readonly log: Pick<Log, 'read'>;
  readonly source: string;
  readonly span: Span;
  readonly records: Records;
  /** Whether the shop has an order of the period with that ID. */
  readonly known: (id: string) => boolean;
  readonly onRead: (events: number) => void;
  readonly stopped: () => boolean;
  readonly now: () => number;
}

/** An order while its events are collected. */
type Gathered = {
  -readonly [K in keyof LoggedOrder]: LoggedOrder[K];
} & { readonly refunds: Map<string, number>; readonly events: OrderEvent[] };

const WHOLE = new Set(['Order Completed', 'Order Updated', 'Order Cancelled']);
const NAMES = new Set([...WHOLE, 'Order Refunded', 'Order Deleted']);
/** The maximum number of listed events of an order. */
const MOST_EVENTS = 50;
const CHUNK = 500;
/** The tolerance for a fast clock of the shop. */
const AHEAD = 86_400_000;

/** Reads the orders of a source that were placed within a period from the log, also those that the shop does not have. */
export async function readLoggedOrders(input: LoggedOrdersInput): Promise<ReadonlyMap<string, LoggedOrder>> {
  const { log, source, span, stopped, onRead } = input;
  const orders = new Map<string, Gathered>();
  const arrived = { from: span.from - AHEAD, to: input.now() + AHEAD };
  for (let after = 0; !stopped();) {
    const chunk = await log.read({ arrived, after, limit: CHUNK });
    for (const one of chunk) {
      after = one.through ?? one.seq;
      if (one.damage === undefined && one.sourceId === source) gather(orders, one, input);
    }
    onRead(chunk.length);
    if (chunk.length === 0) break;
    // Yields, so that events are accepted.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return orders;
}

function gather(orders: Map<string, Gathered>, logged: LoggedEvent, input: LoggedOrdersInput): void {
  const { event } = logged;
  if (event.type !== 'track' || !NAMES.has(event.event ?? '')) return;
  const { order_id: given, currency } = (event.properties ?? {}) as {
    order_id?: unknown;
    currency?: unknown;
  };
  if ((typeof given !== 'string' && typeof given !== 'number') || typeof currency !== 'string') return;
  const id = String(given);
  let order = orders.get(id);
  if (order === undefined) {
    const at = Date.parse(event.timestamp);
    const { from, to } = input.span;
    const isNew = event.event === 'Order Completed' && at >= from && at <= to;
    if (!isNew && !input.known(id)) return;
    order = { completed: 0, at, currency, total: 0, refunds: new Map(), isDeleted: false, events: [] };
    orders.set(id, order);
  }
  take(order, logged, input.records(event));
}

function take(order: Gathered, { event, seq, sourceId }: LoggedEvent, recorded: ReturnType<Records>): void {
  const properties = (event.properties ?? {}) as Readonly<Record<string, unknown>>;
  const { currency: named, status, store, refund_id: refund } = properties;
  const name = event.event!;
  const currency = String(named);
  const minor = (value: unknown): number =>
    typeof value === 'number' || typeof value === 'string' ? (minorOf(value, currency) ?? 0) : 0;
  if (name === 'Order Completed') {
    order.completed += 1;
    order.at = Date.parse(event.timestamp);
  }
  if (WHOLE.has(name)) {
    order.total = minor(properties['total']);
    order.currency = currency;
    if (typeof status === 'string') order.status = status;
    if (typeof store === 'string') order.store = store;
  }
  if (name === 'Order Deleted') order.isDeleted = true;
  if (name === 'Order Refunded')
    order.refunds.set(String(refund ?? event.messageId), minor(properties['total']));
  if (recorded !== undefined) {
    const before = order.expected ?? { total: 0, refunded: 0 };
    const total = name === 'Order Refunded' ? properties['remaining_total'] : properties['total'];
    order.expected =
      recorded === 'order'
        ? { ...before, total: minor(total) }
        : { ...before, refunded: before.refunded + minor(properties['total']) };
  }
  if (order.events.length < MOST_EVENTS)
    order.events.push({ seq, sourceId, event: name, messageId: event.messageId, at: event.timestamp });
}
