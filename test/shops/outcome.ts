import type { Answer } from '../e2e/harness.ts';

/** The data of a person in Iterable, in words that are the same for all platforms: without IDs, addresses of pages and times. */
export interface Held {
  readonly email: string;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly purchases: readonly { readonly total: number; readonly items: readonly string[] }[];
  readonly cart: readonly string[];
  /** Each with what makes it another one than the next, sorted. */
  readonly events: readonly string[];
}

/** Members of a profile that every platform tells, or none. */
const PROFILE = ['firstName', 'lastName', 'phoneNumber', 'locale'];

/** Events of facts. Others report a state, as often as it was seen. */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  'Order Cancelled': ['total', 'reason'],
  'Order Refunded': ['total', 'tax', 'shipping', 'currency'],
  'Order Shipped': ['carrier'],
  'Order Delivered': ['carrier'],
  'Cart Abandoned': ['value'],
  'Email Changed': ['previous_email'],
  'Customer Deleted': [],
  'Email Subscribed': [],
  'Email Unsubscribed': [],
  'SMS Subscribed': [],
  'Subscription Started': ['total'],
  'Subscription Paused': [],
  'Subscription Resumed': [],
  'Subscription Cancelled': [],
  'Product Reviewed': ['rating'],
};

/** What a local Iterable holds, by person, from its `/_sandbox/state`. */
export function heldBy(state: Answer): readonly Held[] {
  const emails: string[] = state.profiles.flatMap(({ email }: Answer) => (email === null ? [] : [email]));
  return emails.sort().map((email) => {
    const of = (rows: readonly Answer[]) => rows.filter((one) => one.email === email);
    const [{ dataFields }] = of(state.profiles) as [Answer];
    const kept = PROFILE.filter((name) => dataFields[name] !== undefined);
    return {
      email,
      profile: Object.fromEntries(kept.map((name) => [name, dataFields[name]])),
      purchases: of(state.purchases)
        .map(({ total, items }) => ({ total, items: items.map(itemOf).sort() }))
        .sort((one, other) => one.total - other.total),
      cart: of(state.carts)
        .flatMap(({ items }) => items.map(itemOf))
        .sort(),
      events: of(state.events).flatMap(eventOf).sort(),
    };
  });
}

function itemOf({ sku, name, quantity, price }: Answer): string {
  return `${quantity} x ${sku ?? name} at ${price}`;
}

function eventOf({ eventName, dataFields }: Answer): readonly string[] {
  const members = Object.hasOwn(FACTS, eventName) ? FACTS[eventName] : undefined;
  if (members === undefined) return [];
  // Carriers have display names, such as UPS.
  const value = (name: string): string =>
    name === 'carrier' ? String(dataFields[name]).toLowerCase() : String(dataFields[name]);
  return [[eventName, ...members.map((name) => `${name} ${value(name)}`)].join(', ')];
}
