import type { Event } from '@waybill/core';
import { latest } from '../dated.ts';
import { type Product, productLine } from '../products.ts';
import { joinedReach, type Reach, withReachAfter } from '../reach.ts';
import { textIn } from '../values.ts';

/** A product that somebody has viewed. */
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
  /** Views until then have been told of, or skipped. */
  readonly doneTo?: number;
  /** When they were last told of. */
  readonly sentAt?: number;
}

/** Products that are kept of a person, and of one list that they view. */
const MOST_VIEWED = 20;
const MOST_OF_LIST = 5;

/** The events that show that somebody bought or started to buy. */
export const BUYING_EVENTS: readonly string[] = [
  'Product Added',
  'Cart Updated',
  'Checkout Started',
  'Order Completed',
];

const BUYING: ReadonlySet<string> = new Set(BUYING_EVENTS);

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
  const known = withReachAfter(person, event, { at, channel, keeps: !isNobody(person) });
  const { event: name = '', properties = {}, messageId: id } = event;
  if (event.type !== 'track') return known;
  const list = properties['products'];
  const isEmptied = name === 'Cart Updated' && !(Array.isArray(list) && list.length > 0);
  if (BUYING.has(name)) return isEmptied ? known : joinedBrowsing(known, { viewed: [], boughtAt: at });
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
    return [{ key, at, id, place, product, ...(currency === undefined ? {} : { currency }), ...past }];
  });
  return viewed.length === 0 ? known : joinedBrowsing(known, { viewed });
}

/** What is kept of two as of one person, in whatever order they are joined. */
export function joinedBrowsing(one: Browsing, other: Browsing): Browsing {
  const person: { -readonly [K in keyof Browsing]: Browsing[K] } = {
    viewed: joinedViews(one.viewed, other.viewed),
    ...joinedReach(one, other),
  };
  const boughtAt = latest(one.boughtAt, other.boughtAt);
  if (boughtAt !== undefined) person.boughtAt = boughtAt;
  const doneTo = latest(one.doneTo, other.doneTo);
  if (doneTo !== undefined) person.doneTo = doneTo;
  const sentAt = latest(one.sentAt, other.sentAt);
  if (sentAt !== undefined) person.sentAt = sentAt;
  return person;
}

/** The last view of each product, of both lists, which are in order. */
function joinedViews(some: readonly Viewed[], others: readonly Viewed[]): readonly Viewed[] {
  if (others.length === 0) return some;
  const all: Viewed[] = [];
  const keys = new Set<string>();
  let [at, from] = [0, 0];
  while (all.length < MOST_VIEWED && (at < some.length || from < others.length)) {
    const [one, other] = [some[at], others[from]];
    const isFirst = other === undefined || (one !== undefined && newestFirst(one, other) <= 0);
    const next = isFirst ? one! : other;
    if (isFirst) at += 1;
    else from += 1;
    if (keys.has(next.key)) continue;
    keys.add(next.key);
    all.push(next);
  }
  return all;
}

function newestFirst(one: Viewed, other: Viewed): number {
  return other.at - one.at || (one.id === other.id ? one.place - other.place : one.id < other.id ? 1 : -1);
}

/** The views that led to nothing yet, the newest first. */
export function openViews({ viewed, boughtAt = 0, doneTo = 0 }: Browsing): readonly Viewed[] {
  return viewed.filter(({ at, past }) => past !== true && at > boughtAt && at > doneTo);
}
