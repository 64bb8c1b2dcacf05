import type { Platform } from '@waybill/shop-sandboxes';
import type { Held } from './outcome.ts';

/** How a shop is followed: by webhooks alone, by polls and sweeps alone, or by both, when a third of the webhooks is lost. */
export type Ways = 'webhooks' | 'polls' | 'both';

/** What a platform cannot tell, or tells in other words. */
export interface Told {
  /** Events that it knows nothing of. */
  readonly cannot: RegExp;
  /** What it says of those that it tells. */
  readonly says?: (event: string) => string;
  /** The ways that the day is told in: those that the platform has, and no test of its own holds for everybody. */
  readonly ways: readonly Ways[];
  /** Events that no webhook tells of. */
  readonly polled?: RegExp;
  /** Events that nothing but a webhook tells of: when that is lost, so are they. */
  readonly hooked?: RegExp;
  /** Whether carts are known by webhooks alone. */
  readonly hookedCarts?: boolean;
}

/** By platform. */
export const TOLD: Readonly<Partial<Record<Platform, Told>>> = {
  bigcommerce: {
    cannot: /^(Order Delivered|SMS |Subscription )/,
    says: (event) => event.replace(/, reason .*/, ', reason undefined'),
    ways: ['both'],
    polled: /^Product Reviewed/,
    hooked: /^(Cart Abandoned|Customer Deleted)/,
    hookedCarts: true,
  },
};

/** What Iterable then holds, of what it would hold if the platform told everything. */
export function heldAs(told: Told, held: Held, ways: Ways): Held {
  const events = held.events.filter((one) => !told.cannot.test(one)).map((one) => told.says?.(one) ?? one);
  return reachable(told, { ...held, events: events.sort() }, ways);
}

/** What these ways tell for certain; of both together, some webhooks of which are lost, what is polled. */
export function reachable({ polled, hooked, hookedCarts }: Told, held: Held, ways: Ways): Held {
  const out = ways === 'webhooks' ? polled : hooked;
  return {
    ...held,
    cart: ways !== 'webhooks' && hookedCarts === true ? [] : held.cart,
    events: held.events.filter((one) => out?.test(one) !== true),
  };
}
