import {
  amountOf,
  type OrderState,
  type Rejected,
  type ResolvedSource,
  type Retry,
  type ShopFailure,
  type ShopSettings,
  type ShopStream,
} from '@waybill/core';
import type { ShopReading } from '../reading.ts';
import { asked, readPage } from '../read-task.ts';
import type { Run } from '../run.ts';
import { statesOf } from '../states.ts';
import type { Fault, ShopOrder, Span } from './facts.ts';
import type { Patience } from './patience.ts';

/** How much earlier orders may have been created: some are placed later than they are created. */
const EARLIER = 7 * 86_400_000;
/** The number of attempts after which a failing page is bisected. */
const PATIENT_TRIES = 2;

/** The orders of the shop. */
export interface ShopOrders {
  readonly orders: ReadonlyMap<string, ShopOrder>;
  /** Unreadable rows, by ID. */
  readonly unreadable: ReadonlyMap<string, Fault>;
}

/** The inputs of reading. */
export interface ShopOrdersInput {
  readonly source: ResolvedSource;
  readonly shop: Pick<ShopReading, 'context'>;
  readonly span: Span;
  /** The maximum number of orders in memory. */
  readonly most: number;
  readonly patience: Patience;
  readonly onRead: (rows: number) => void;
  readonly now: () => number;
}

/** Returns the streams of a shop with orders. */
export function orderStreams({ source }: ResolvedSource): readonly (readonly [string, ShopStream])[] {
  return Object.entries(source?.shop?.streams ?? {}).filter(([, { kinds }]) => kinds.includes('order'));
}

/** Reads the orders that were placed within a period, from the streams of the source and within its limits. */
export async function readShopOrders(input: ShopOrdersInput): Promise<ShopOrders | ShopFailure> {
  const { source, span, most } = input;
  const orders = new Map<string, ShopOrder>();
  const unreadable = new Map<string, Fault>();
  for (const [name, stream] of orderStreams(source)) {
    if (stream.page === undefined) continue;
    let run: Run | undefined = {
      by: 'created',
      since: new Date(span.from - EARLIER).toISOString(),
      until: new Date(span.to).toISOString(),
      skip: 0,
    };
    while (run !== undefined) {
      const page = await pageOf(name, stream, run, input);
      if ('failure' in page) return page;
      for (const { key, message } of page.spoilt) unreadable.set(key, unread(message));
      for (const { id, row } of page.rows) {
        const read = statesOf(stream, row, source.settings);
        if ('issue' in read) unreadable.set(id ?? `${name} ${unreadable.size}`, unread(read.issue.message));
        else
          for (const one of ordersIn(read.states, source)) if (isWithin(one, span)) orders.set(one.id, one);
      }
      if (orders.size > most) return tooMany(most);
      input.onRead(page.count);
      run = page.next;
    }
  }
  return { orders, unreadable };
}

/** Reads one order; `gone` when the shop no longer has it, undefined when it cannot return single orders. */
export async function readShopOrder(
  id: string,
  { source, shop, patience }: Pick<ShopOrdersInput, 'source' | 'shop' | 'patience'>,
): Promise<ShopOrder | 'gone' | undefined | ShopFailure> {
  for (const [, stream] of orderStreams(source)) {
    const { get } = stream;
    if (get === undefined) continue;
    const answer = await patience.of(() =>
      asked(async () => {
        const got = await get(id, shop.context());
        return got === 'gone' ? { gone: true as const } : got;
      }),
    );
    if ('failure' in answer) return answer;
    if ('gone' in answer) return 'gone';
    const read = statesOf(stream, answer.row, source.settings);
    if ('issue' in read) return undefined;
    return ordersIn(read.states, source).find((one) => one.id === id) ?? 'gone';
  }
  return undefined;
}

function pageOf(
  name: string,
  stream: ShopStream,
  run: Run,
  input: ShopOrdersInput,
): ReturnType<typeof readPage> {
  const { shop, patience, now } = input;
  return patience.of((tries) =>
    readPage({ name, stream, run, context: shop.context(), divides: tries >= PATIENT_TRIES, now }),
  );
}

function ordersIn(
  states: readonly { readonly kind: string }[],
  { settings }: ResolvedSource,
): readonly ShopOrder[] {
  const isTaken = ({ kind, isTest }: { readonly kind: string; readonly isTest?: boolean }): boolean =>
    kind === 'order' && (isTest !== true || (settings as ShopSettings).testOrders === true);
  return states.filter(isTaken).map((state) => factsOf(state as { readonly kind: 'order' } & OrderState));
}

function factsOf(state: OrderState): ShopOrder {
  const { id, number, placedAt, currency, subtotal, shipping, tax, total, status, store } = state;
  const parts = shipping !== undefined && tax !== undefined ? total - shipping - tax : undefined;
  const net = subtotal ?? parts;
  return {
    id,
    ...(number === undefined ? {} : { number }),
    // A cancelled order without that time was never placed.
    at: Date.parse(placedAt ?? (status === 'placed' ? state.updatedAt : undefined) ?? ''),
    currency,
    total,
    ...(net === undefined ? {} : { net }),
    refunded: state.refundedTotal ?? (state.refunds ?? []).reduce((sum, { amount }) => sum + amount, 0),
    status,
    ...(store?.id === undefined ? {} : { store: store.id }),
  };
}

/** Whether an order was placed within the period. */
function isWithin({ at, status }: ShopOrder, { from, to }: Span): boolean {
  return status !== 'open' && at >= from && at <= to;
}

function unread(message: string): Fault {
  return { column: 'shop', kind: 'unreadable', found: message };
}

function tooMany(most: number): ShopFailure {
  const message = `There are more than ${most} orders in that period: compare a shorter one.`;
  const failure: Rejected | Retry = { status: 'rejected', code: 'request_invalid', message };
  return { failure };
}

/** Formats an amount with its currency. */
export function written(minor: number, currency: string): string {
  return `${amountOf(minor, currency)} ${currency}`;
}
