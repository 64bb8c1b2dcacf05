import type { Platform } from '@waybill/shop-sandboxes';
import type { Held } from './outcome.ts';

/** How a shop is followed: by webhooks alone, by polls and sweeps alone, or by both, when a third of the webhooks is lost. */
export type Ways = 'webhooks' | 'polls' | 'both';

/** The data that a platform lacks, or reports differently. */
export interface Told {
  /** Events that it does not report. */
  readonly cannot: RegExp;
  /** Differences in the events that it reports. */
  readonly says?: (event: string) => string;
  /** Other differences from a platform that reports everything. */
  readonly otherwise?: (held: Held) => Held;
  /** What of the metrics of customers can be worked out. */
  readonly counts?: (metrics: object) => object;
  /** In place of those that the shop says. */
  readonly settings?: object;
  /** The ways of reading the day: those of the platform without their own test. */
  readonly ways: readonly Ways[];
  /** Events that no webhook reports. */
  readonly polled?: RegExp;
  /** Events that only a webhook reports: when it is lost, so are they. */
  readonly hooked?: RegExp;
  /** Events reported by several rows, each with more data: once or twice. */
  readonly repeated?: RegExp;
  /** Whether carts are only known from webhooks. */
  readonly hookedCarts?: boolean;
}

/** The data of refunds without a reason, and of cancelled orders. */
const inAll = (event: string): string =>
  event
    .replace(/tax [\d.]+, shipping [\d.]+/, 'tax undefined, shipping undefined')
    .replace(/, reason .*/, ', reason undefined');

/** By platform. */
export const TOLD: Readonly<Record<Platform, Told>> = {
  bigcommerce: {
    cannot: /^(Order Delivered|SMS |Subscription )/,
    says: (event) => event.replace(/, reason .*/, ', reason undefined'),
    ways: ['both'],
    polled: /^Product Reviewed/,
    hooked: /^(Cart Abandoned|Customer Deleted)/,
    hookedCarts: true,
  },
  commercetools: {
    cannot: /^(Order Delivered|Cart Abandoned|Subscription (Paused|Resumed))/,
    says: inAll,
    ways: ['polls'],
  },
  magento2: {
    cannot: /^(Order Delivered|Cart Abandoned|SMS |Product Reviewed|Subscription )/,
    says: (event) => event.replace(/, reason .*/, ', reason undefined'),
    otherwise: replaced,
    ways: ['both'],
    // Parcels have a carrier when they have a number.
    polled: /^Order Shipped/,
    hooked: /^(Order Shipped|Customer Deleted)/,
  },
  ultracart: {
    cannot: /^(Order Delivered|SMS |Subscription (Paused|Resumed))/,
    says: (event) =>
      event
        .replace(/carrier .*/, 'carrier undefined')
        .replace(/(Subscription Started), total .*/, '$1, total undefined'),
    otherwise: withoutLanguages,
    // Lines and items have no categories.
    counts: ({ favorite_category: _none, ...metrics }: { readonly favorite_category?: string }) => metrics,
    // An order is one before its payment fails.
    settings: { completeOn: 'paid' },
    ways: ['both'],
    hooked: /^(Cart Abandoned|Customer Deleted)/,
    // A checkout and a list; another e-mail address is another consent.
    repeated: /^Email Subscribed/,
    hookedCarts: true,
  },
};

/** An order that is edited is cancelled in favour of another: 34.05 and 15.08, 4.12 of shipping, 19 % of each (6.47, 2.87, 0.78). */
function replaced(held: Held): Held {
  if (held.email !== 'ada@example.com') return held;
  const edited = { total: 63.37, items: ['1 x TEE-RED-M at 16.76', '3 x MUG-1 at 12.61'] };
  return {
    ...held,
    purchases: [...held.purchases, edited],
    events: [...held.events, 'Order Cancelled, total 49.86, reason undefined'],
  };
}

/** Parcels of one time are merged, and only a guest's order has a language, without its country. */
function withoutLanguages({ profile: { locale: _none, ...named }, events, ...held }: Held): Held {
  const sent = events.findIndex((one) => one.startsWith('Order Shipped'));
  const told = events.filter((one, index) => index <= sent || !one.startsWith('Order Shipped'));
  const profile = held.email === 'ada@example.com' ? { ...named, locale: 'de' } : named;
  return { ...held, profile, events: told };
}

/** The expected data in Iterable, derived from that of a platform that reports everything. */
export function heldAs(told: Told, held: Held, ways: Ways): Held {
  const other = told.otherwise?.(held) ?? held;
  const events = other.events.filter((one) => !told.cannot.test(one)).map((one) => told.says?.(one) ?? one);
  return reachable(told, { ...other, events: events.sort() }, ways);
}

/** The events that these ways reliably report; of both together, with some webhooks lost, those that are polled. */
export function reachable({ polled, hooked, hookedCarts, repeated }: Told, held: Held, ways: Ways): Held {
  const out = ways === 'webhooks' ? polled : hooked;
  return {
    ...held,
    cart: ways !== 'webhooks' && hookedCarts === true ? [] : held.cart,
    events: held.events.filter(
      (one, index, all) =>
        out?.test(one) !== true && !(repeated?.test(one) === true && all.indexOf(one) !== index),
    ),
  };
}
