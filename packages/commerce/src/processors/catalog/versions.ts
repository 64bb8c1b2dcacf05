import type { Event } from '@waybill/core';
import { amountIn, textIn } from '../values.ts';
import { digest } from '../../version.ts';
import type { Said } from '../order-record.ts';
import { said } from '../order-facts.ts';

/** The parts of a version of a product that are compared with the previous one. */
export interface Moment {
  /** When, ISO 8601. */
  readonly at: string;
  readonly price?: number;
  readonly inStock?: boolean;
}

/** A product at one place: a store in a language and a currency. */
export interface Place {
  /** The newest version, whole. */
  readonly newest: Said<Readonly<Record<string, unknown>>>;
  /** The newest moments, in their order. */
  readonly moments: Readonly<Record<string, Moment>>;
}

/** The maximum number of moments of a place, and of places of a product. */
const MOST_MOMENTS = 20;
const MOST_PLACES = 30;

/** The members of an item, and their places in events. Others belong to the place. */
const MEMBERS = [
  ...[
    'sku',
    'name',
    'description',
    'status',
    'category',
    'categories',
    'brand',
    'price',
    'sale_price',
    'stock',
    'in_stock',
  ],
  ...[
    'url',
    'image_url',
    'images',
    'created_at',
    'variants',
    'custom',
    'store',
    'store_name',
    'channel',
    'locale',
    'currency',
  ],
];

/** Returns the version of a product in an event, by its place. */
export function versionIn(event: Event): Readonly<Record<string, Place>> {
  const { properties = {}, timestamp } = event;
  const values = Object.fromEntries(
    MEMBERS.flatMap((name) =>
      properties[name] === undefined || properties[name] === null ? [] : [[name, properties[name]]],
    ),
  );
  const price = amountIn(properties['sale_price']) ?? amountIn(properties['price']);
  const { in_stock: given } = properties;
  const stock = amountIn(properties['stock']);
  const inStock = typeof given === 'boolean' ? given : stock === undefined ? undefined : stock > 0;
  const moment: Moment = {
    at: timestamp,
    ...(price === undefined ? {} : { price }),
    ...(inStock === undefined ? {} : { inStock }),
  };
  const place = ['store', 'locale', 'currency'].map((name) => textIn(properties[name]) ?? '').join('|');
  const newest = said(event, 0, values);
  return { [place]: { newest, moments: { [`${timestamp} ${digest(moment).slice(0, 6)}`]: moment } } };
}

/** Merges two states of one place. */
export function joinedPlaces(one: Place, other: Place): Place {
  const moments = Object.entries({ ...one.moments, ...other.moments }).sort(([a], [b]) => (a < b ? -1 : 1));
  const newest = other.newest.by > one.newest.by ? other.newest : one.newest;
  return { newest, moments: Object.fromEntries(moments.slice(-MOST_MOMENTS)) };
}

/** Sorts places by name, up to the limit. */
export function boundedPlaces(places: Readonly<Record<string, Place>>): Readonly<Record<string, Place>> {
  const sorted = Object.entries(places).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, MOST_PLACES));
}

/** Returns since when a sold-out product is available again; undefined when it is not, or always was. */
export function backSince({ moments }: Place): string | undefined {
  const known = Object.values(moments).filter(({ inStock }) => inStock !== undefined);
  const last = known.findLastIndex(({ inStock }) => inStock === false);
  return last < 0 ? undefined : known[last + 1]?.at;
}

/** Returns the last change of a price: old, new, and its time. */
export function priceChange({
  moments,
}: Place): { readonly from: number; readonly to: number; readonly at: string } | undefined {
  const known = Object.values(moments).filter(({ price }) => price !== undefined);
  const to = known.at(-1)?.price;
  const last = known.findLastIndex(({ price }) => price !== to);
  if (to === undefined || last < 0) return undefined;
  return { from: known[last]!.price!, to, at: known[last + 1]!.at };
}
