import type { Event } from '@waybill/core';
import { latest } from '../dated.ts';
import { type Product, productLine } from '../products.ts';
import { joinedReach, type Reach, withReachAfter } from '../reach.ts';
import { textIn } from '../values.ts';

/** A viewed product. */
export interface Viewed {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The event, and the index in its list. */
  readonly id: string;
  readonly place: number;
  readonly product: Product;
  readonly currency?: string;
  /** Whether it is historical. */
  readonly past?: true;
}

/** The state of a person. */
export interface Browsing extends Reach {
  /** The last view of each product, the newest first. */
  readonly viewed: readonly Viewed[];
  /** When something was last added to a cart or ordered, in epoch milliseconds. */
  readonly boughtAt?: number;
  /** Views up to this time were reported or skipped. */
  readonly doneTo?: number;
  /** When views were last reported. */
  readonly sentAt?: number;
}

/** The maximum number of products of a person, and of one viewed list. */
const MOST_VIEWED = 20;
const MOST_OF_LIST = 5;

/** The events that show a purchase or its start. */
export const BUYING_EVENTS: readonly string[] = [
  'Product Added',
  'Cart Updated',
  'Checkout Started',
  'Order Completed',
];

const BUYING: ReadonlySet<string> = new Set(BUYING_EVENTS);

/** The state of an unknown person. */
export const NOBODY: Browsing = { viewed: [] };

/** Whether there is nothing to store. */
export function isNobody(person: Browsing): boolean {
  return person.viewed.length === 0 && Object.keys(person).length === 1;
}

/** Returns the state of a person after an event. */
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
  const isList = name === 'Product List Viewed' && lists && Array.isArray(list);
  if (name !== 'Product Viewed' && !isList) return known;
  const currency = textIn(properties['currency']);
  const viewed: Viewed[] = [];
  const view = (raw: unknown, place: number): void => {
    const line = productLine(raw, 1);
    if (line === undefined) return;
    const one: { -readonly [K in keyof Viewed]: Viewed[K] } = {
      key: line.key,
      at,
      id,
      place,
      product: line.product,
    };
    if (currency !== undefined) one.currency = currency;
    if (historical) one.past = true;
    viewed.push(one);
  };
  if (isList) list.slice(0, MOST_OF_LIST).forEach(view);
  else view(properties, 0);
  return viewed.length === 0 ? known : joinedBrowsing(known, { viewed });
}

/** Merges the states of two keys of one person, commutatively. */
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

/** Merges the last views of products of two sorted lists. */
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

/** Returns the views without a purchase yet, the newest first. */
export function openViews(person: Browsing): readonly Viewed[] {
  return person.viewed.filter((one) => isOpen(one, person));
}

/** Returns the newest of them, without creating the list. */
export function lastOpenView(person: Browsing): Viewed | undefined {
  for (const one of person.viewed) if (isOpen(one, person)) return one;
  return undefined;
}

function isOpen({ at, past }: Viewed, { boughtAt = 0, doneTo = 0 }: Browsing): boolean {
  return past !== true && at > boughtAt && at > doneTo;
}
