import { type Event, withoutAbsent } from '@waybill/core';
import { latest } from '../dated.ts';
import { type Product, productLine } from '../products.ts';
import { joinedReach, type Reach, reachAfter } from '../reach.ts';
import { textIn } from '../values.ts';

/** A product that somebody has looked at. */
export interface Viewed {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The event that says so, and the place in its list. */
  readonly id: string;
  readonly place: number;
  readonly product: Product;
  readonly currency?: string;
  /** A back-fill told it. */
  readonly past?: true;
}

/** What is kept of a person. */
export interface Browsing extends Reach {
  /** The last view of each product, the newest first. */
  readonly viewed: readonly Viewed[];
  /** When something was last put into a cart or ordered, in epoch milliseconds. */
  readonly boughtAt?: number;
  /** Views until then have been told of, or passed over. */
  readonly doneTo?: number;
  /** When they were last told of. */
  readonly sentAt?: number;
}

/** Products that are kept of a person, and of one list that they view. */
const MOST_VIEWED = 20;
const MOST_OF_LIST = 5;

/** The events that say that somebody goes on to buy. */
export const BUYING_EVENTS: readonly string[] = [
  'Product Added',
  'Cart Updated',
  'Checkout Started',
  'Order Completed',
];

/** A person of whom nothing is known. */
export const NOBODY: Browsing = { viewed: [] };

/** Whether there is nothing to keep. */
export function isNobody(person: Browsing): boolean {
  return person.viewed.length === 0 && Object.keys(person).length === 1;
}

/** The person after an event. */
export function browsingAfter(
  person: Browsing,
  event: Event,
  {
    now,
    historical,
    channel,
    lists,
  }: {
    readonly now: number;
    readonly historical: boolean;
    readonly channel: string;
    readonly lists: boolean;
  },
): Browsing {
  const at = Math.min(Date.parse(event.timestamp), now);
  const known = { ...person, ...reachAfter(person, event, { at, channel, keeps: !isNobody(person) }) };
  const { event: name = '', properties = {}, messageId: id } = event;
  if (event.type !== 'track') return known;
  const list = properties['products'];
  const isEmptied = name === 'Cart Updated' && !(Array.isArray(list) && list.length > 0);
  if (BUYING_EVENTS.includes(name))
    return isEmptied ? known : joinedBrowsing(known, { viewed: [], boughtAt: at });
  const raw =
    name === 'Product Viewed'
      ? [properties]
      : name === 'Product List Viewed' && lists && Array.isArray(list)
        ? list
        : [];
  const currency = textIn(properties['currency']);
  const viewed = raw.slice(0, MOST_OF_LIST).flatMap((one: unknown, place): Viewed[] => {
    const line = productLine(one, 1);
    if (line === undefined) return [];
    const { key, product } = line;
    const past = historical ? { past: true as const } : {};
    return [{ key, at, id, place, product, ...withoutAbsent({ currency }), ...past }];
  });
  return viewed.length === 0 ? known : joinedBrowsing(known, { viewed });
}

/** What is kept of two as of one person, in whatever order they are joined. */
export function joinedBrowsing(one: Browsing, other: Browsing): Browsing {
  const newest = new Map<string, Viewed>();
  for (const view of [...one.viewed, ...other.viewed].sort(newestFirst))
    if (!newest.has(view.key)) newest.set(view.key, view);
  return {
    viewed: [...newest.values()].slice(0, MOST_VIEWED),
    ...joinedReach(one, other),
    ...withoutAbsent({
      boughtAt: latest(one.boughtAt, other.boughtAt),
      doneTo: latest(one.doneTo, other.doneTo),
      sentAt: latest(one.sentAt, other.sentAt),
    }),
  };
}

function newestFirst(one: Viewed, other: Viewed): number {
  return other.at - one.at || (one.id === other.id ? one.place - other.place : one.id < other.id ? 1 : -1);
}

/** The views that led to nothing yet, the newest first. */
export function openViews({ viewed, boughtAt = 0, doneTo = 0 }: Browsing): readonly Viewed[] {
  return viewed.filter(({ at, past }) => past !== true && at > boughtAt && at > doneTo);
}
