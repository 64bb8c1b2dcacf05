import {
  defineProcessor,
  type Event,
  type Payload,
  type ProcessorContext,
  type Progress,
  withoutAbsent,
} from '@waybill/core';
import { keyed, keyedOne } from '../keyed.ts';
import { newestOf } from '../order-age.ts';
import { anyOf, orderFacts, ORDER_EVENTS, PARCEL_EVENTS } from '../order-facts.ts';
import { orderIdOf, ordersIn } from '../order-keys.ts';
import { both, joined } from '../order-record.ts';
import { keyFor, personAfter, strongest } from '../person.ts';
import { textIn } from '../values.ts';
import { requested, settings } from './fields.ts';
import { reviewLinkText } from './link.ts';
import { type Asking, askingsOf, type Order, partsOf, productsOf } from './products.ts';

interface Customer {
  readonly person?: string;
  readonly orders: Readonly<Record<string, Order>>;
  /** Reviewed or requested products, with the time, ISO 8601. */
  readonly done: Readonly<Record<string, string>>;
}

const events = { 'Review Requested': requested } as const;
type Settings = Payload<typeof settings>;
type Step = Progress<Customer, typeof events>;

/** The timer for the next request. */
const NEXT = 'ask';
/** The maximum number of orders of a customer, and of finished products. */
const MOST_ORDERS = 20;
const MOST_DONE = 500;
const DAY = 86_400_000;
/** The maximum length of a product ID in the token of a link. */
const LONGEST_ID = 500;

/** A processor that requests reviews after arrival, once per product. */
export const reviewRequests = defineProcessor({
  slug: 'review-requests',
  name: 'Review Requests',
  description: 'Determines when to ask for a review of products that were delivered and not yet reviewed.',
  settings,
  trigger: `${ORDER_EVENTS} or ${PARCEL_EVENTS} or ${anyOf(['Product Reviewed'])}`,
  events,
  initial: (): Customer => ({ orders: {}, done: {} }),
  process(state, event, context) {
    const next = withEvent(state, event);
    return next === undefined ? { state } : looking(next, context.settings);
  },
  wake(state, { due }, { settings: given, seal }) {
    const now = waitingOf(state, given).filter(({ at }) => at <= due);
    const derived = [...groupsOf(now).values()].map((group) => requestOf(state, group, given, seal));
    const done = now.map(({ product, at }) => [product.id, new Date(at).toISOString()] as const);
    const asked = now
      .map(({ product, orderId }) => `${product.id} of the order ${orderIdOf(orderId)}`)
      .join(', ');
    const note = now.length === 0 ? 'Skipped: there is nothing left to ask about.' : `Asked for ${asked}.`;
    return { ...looking({ ...state, done: withDone(state.done, done) }, given), events: derived, note };
  },
  merge(state, { state: earlier }, context) {
    const person = strongest(state.person, earlier.person);
    const all: Customer = {
      ...(person === undefined ? {} : { person }),
      orders: newestOf(both(state.orders, earlier.orders, joined)!, MOST_ORDERS),
      done: withDone(state.done, Object.entries(earlier.done)),
    };
    return looking(all, context.settings);
  },
});

function withEvent(state: Customer, event: Event): Customer | undefined {
  const person = personAfter(state.person, event);
  if (event.event === 'Product Reviewed') {
    const id = textIn(event.properties?.['product_id']);
    return id === undefined
      ? undefined
      : { ...state, person, done: withDone(state.done, [[id, event.timestamp]]) };
  }
  const isWhole = event.event !== 'Order Refunded' && !/Shipped|Delivered/.test(event.event ?? '');
  const found = orderFacts(event, { lines: isWhole ? productsOf : partsOf });
  if (found === undefined) return undefined;
  const orders = newestOf(both(state.orders, keyedOne(found.id, found.record), joined)!, MOST_ORDERS);
  return { ...state, orders, person };
}

/** The finished products, the newest; the first time counts for repeated ones. */
function withDone(
  done: Customer['done'],
  more: readonly (readonly [id: string, at: string])[],
): Customer['done'] {
  const all = both(done, keyed(more), (one, other) => (one < other ? one : other))!;
  const newest = Object.entries(all).toSorted(([a, one], [b, other]) =>
    one === other ? (a < b ? -1 : 1) : one < other ? 1 : -1,
  );
  return newest.length <= MOST_DONE ? all : keyed(newest.slice(0, MOST_DONE));
}

interface Waiting extends Asking {
  readonly orderId: string;
}

/** The pending requests, one per product: for the order that is due first. */
function waitingOf(
  { orders, done }: Customer,
  { deliveredDays = 7, shippedDays = 14 }: Settings,
): readonly Waiting[] {
  const first = new Map<string, Waiting>();
  const all = Object.entries(ordersIn(orders, joined)).flatMap(([orderId, order]) =>
    askingsOf(order, { deliveredDays, shippedDays }).map((asking) => ({ ...asking, orderId })),
  );
  for (const one of all.sort((a, b) => a.at - b.at || (a.orderId < b.orderId ? -1 : 1)))
    if (!Object.hasOwn(done, one.product.id) && !first.has(one.product.id)) first.set(one.product.id, one);
  return [...first.values()];
}

/** Sets the timer for the next request. */
function looking(state: Customer, given: Settings): Step {
  const [next] = waitingOf(state, given);
  return { state, timers: { [NEXT]: next?.at ?? null } };
}

function groupsOf(waiting: readonly Waiting[]): ReadonlyMap<string, readonly Waiting[]> {
  const groups = new Map<string, readonly Waiting[]>();
  for (const one of waiting) {
    const key = `${one.orderId} ${one.because}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

function requestOf(
  { person }: Customer,
  group: readonly Waiting[],
  { reviewUrl, linkDays = 90 }: Settings,
  seal: ProcessorContext['seal'],
): NonNullable<Step['events']>[number] {
  const [{ orderId: order, because, at }] = group as [Waiting];
  const orderId = orderIdOf(order);
  const tokenOf = (productId: string): string | undefined =>
    person === undefined || productId.length > LONGEST_ID
      ? undefined
      : seal?.(reviewLinkText({ person, orderId, productId, expiresAt: at + linkDays * DAY }));
  const products = group
    .map(({ product }) => product)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ id, name, url, imageUrl }) =>
      withoutAbsent({
        product_id: id,
        name,
        url,
        image_url: imageUrl,
        review_url: pageOf(reviewUrl, { orderId, productId: id, url, tokenOf }),
      }),
    ) as { readonly product_id: string }[];
  const ids = products.map(({ product_id: id }) => id);
  return {
    event: 'Review Requested',
    properties: { order_id: orderId, due_at: new Date(at).toISOString(), because, products },
    key: keyFor(person, 'review', order, ids),
  };
}

/** The review page of a product; undefined when a needed value is missing. */
function pageOf(
  template: string | undefined,
  {
    orderId,
    productId,
    url = '',
    tokenOf,
  }: {
    readonly orderId: string;
    readonly productId: string;
    readonly url: string | undefined;
    readonly tokenOf: (productId: string) => string | undefined;
  },
): string | undefined {
  if (template === undefined || (url === '' && template.includes('{url}'))) return undefined;
  const token = template.includes('{token}') ? tokenOf(productId) : '';
  if (token === undefined) return undefined;
  return template
    .replaceAll('{product_id}', () => encodeURIComponent(productId))
    .replaceAll('{order_id}', () => encodeURIComponent(orderId))
    .replaceAll('{token}', () => token)
    .replaceAll('{url}', () => url);
}
