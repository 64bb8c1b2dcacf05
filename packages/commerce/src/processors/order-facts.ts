import { type Event, isHistorical } from '@waybill/core';
import { digest } from '../version.ts';
import { keyedOne } from './keyed.ts';
import { orderKeyOf, shortId } from './order-keys.ts';
import { joined, type OrderRecord, type Said } from './order-record.ts';
import { type Line, linesOf } from './order-lines.ts';
import { amountIn, textIn } from './values.ts';

/** What a processor stores of an order, beyond the common parts. */
export interface Keeping<L> {
  /** What is stored of items; nothing when absent. */
  readonly lines?: (lines: readonly Line[]) => L;
}

/** The events about orders, in the trigger language. */
export const ORDER_EVENTS = anyOf(['Order Completed', 'Order Updated', 'Order Cancelled', 'Order Refunded']);
/** The events about parcels. */
export const PARCEL_EVENTS = anyOf(['Order Shipped', 'Order Delivered']);

/**
 * Returns the facts of an event about an order: the key of the order, and a record with these facts. Undefined when it is not
 * about an order.
 */
export function orderFacts<L>(
  event: Event,
  keeping: Keeping<L> = {},
): { readonly id: string; readonly record: OrderRecord<L> } | undefined {
  const { properties = {}, type, event: name = '' } = event;
  const id = textIn(properties['order_id']);
  const read = READERS.get(name);
  if (type !== 'track' || id === undefined || read === undefined) return undefined;
  const live = !isHistorical(event);
  const common: OrderRecord<L> = {
    ...(properties['is_test'] === true ? { test: true } : {}),
    ...(live ? { live } : {}),
  };
  return { id: orderKeyOf(id, event), record: joined(common, read(event, properties, keeping)) };
}

type Properties = Readonly<Record<string, unknown>>;
type Reader = <L>(event: Event, properties: Properties, keeping: Keeping<L>) => OrderRecord<L>;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>(
  Object.entries<Reader>({
    'Order Completed': (event, properties, keeping) => {
      const ordered = wholeOf(event, properties, keeping, 0);
      return { ...ordered, placed: said(event, 0, event.timestamp) };
    },
    'Order Updated': (event, properties, keeping) => wholeOf(event, properties, keeping, 1),
    'Order Cancelled': (event, properties, keeping) => ({
      ...wholeOf(event, properties, keeping, 1),
      cancelled: event.timestamp,
    }),
    'Order Refunded': refundOf,
    'Order Shipped': (event, properties, keeping) => parcelOf(event, properties, keeping, 'shipped'),
    'Order Delivered': (event, properties, keeping) => parcelOf(event, properties, keeping, 'delivered'),
  }),
);

/**
 * Attaches the precedence to a value. The shop takes precedence over a page, an edit over the order, then the later one, then
 * the greater `rank`, then the ID: so the same one wins in any order of arrival.
 */
export function said<T>(event: Event, change: 0 | 1, value: T, rank = 0): Said<T> {
  const source = event.context?.['source'] as { readonly platform?: unknown } | null | undefined;
  const isShop = typeof source?.platform === 'string' ? 1 : 0;
  const id = digest(event.messageId).slice(0, 8);
  return { by: `${isShop}${change} ${event.timestamp} ${rank} ${id}`, value };
}

function wholeOf<L>(
  event: Event,
  properties: Properties,
  { lines }: Keeping<L>,
  change: 0 | 1,
): OrderRecord<L> {
  const total =
    amountIn(properties['total']) ?? amountIn(properties['revenue']) ?? amountIn(properties['value']);
  const currency = currencyIn(properties['currency']);
  const base = amountIn(properties['base_total']);
  const baseCurrency = currencyIn(properties['base_currency']);
  const refunded = amountIn(properties['refunded_total']);
  const money = {
    total: total ?? 0,
    currency,
    ...(base === undefined || baseCurrency === '' ? {} : { base, baseCurrency }),
  };
  const subscription = textIn(properties['subscription_id']);
  return {
    ...(total === undefined ? {} : { money: said(event, change, money) }),
    ...(refunded === undefined ? {} : { refunded }),
    ...(subscription === undefined ? {} : { subscription: said(event, change, shortId(subscription)) }),
    ...keptLines(event, properties, lines, change),
    ...(textIn(properties['replaced_by']) === undefined ? {} : { replaced: true }),
  };
}

function refundOf<L>(event: Event, properties: Properties, { lines }: Keeping<L>): OrderRecord<L> {
  const id = textIn(properties['refund_id']);
  const refunded = amountIn(properties['refunded_total']);
  const amount = amountIn(properties['total']) ?? amountIn(properties['revenue']);
  const products = linesOf(properties['products']);
  const parts = products.reduce((sum, { price = 0, quantity }) => sum + price * quantity, 0);
  // The spec leaves out products and amount of a full refund.
  const isWhole = amount === undefined && products.length === 0;
  const fact = {
    ...(isWhole ? { whole: true as const } : { amount: amount ?? parts }),
    ...keptLines(event, properties, lines, 0),
  };
  // IDs of shops never begin with this character.
  const key = id === undefined ? `~${digest([event.timestamp, amount ?? parts])}` : shortId(id);
  return {
    refunds: keyedOne(key, said(event, 0, fact)),
    ...(refunded === undefined ? {} : { refunded }),
  };
}

function parcelOf<L>(
  event: Event,
  properties: Properties,
  { lines }: Keeping<L>,
  what: 'shipped' | 'delivered',
): OrderRecord<L> {
  const id = textIn(properties['shipment_id']) ?? textIn(properties['tracking_number']) ?? '';
  const live = !isHistorical(event);
  return {
    parcels: {
      [shortId(id)]: {
        [what]: event.timestamp,
        ...(live ? { live } : {}),
        ...keptLines(event, properties, lines, 0),
      },
    },
  };
}

function keptLines<L>(
  event: Event,
  properties: Properties,
  keep: Keeping<L>['lines'],
  change: 0 | 1,
): { readonly lines?: Said<L> } {
  if (keep === undefined || !Array.isArray(properties['products'])) return {};
  return { lines: said(event, change, keep(linesOf(properties['products']))) };
}

function currencyIn(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z]{3}$/.test(value) ? value.toUpperCase() : '';
}

/** Returns the trigger for events with these names. */
export function anyOf(names: readonly string[]): string {
  return names.map((name) => `event = "${name}"`).join(' or ');
}
