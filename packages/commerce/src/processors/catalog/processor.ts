import {
  defineProcessor,
  type Payload,
  type ProcessorContext,
  type Progress,
  withoutAbsent,
} from '@waybill/core';
import { digest } from '../../version.ts';
import { both } from '../order-record.ts';
import { SETTLED, type Settling, settlingAfter } from '../settling.ts';
import { textIn } from '../values.ts';
import { settings, told as events } from './fields.ts';
import { itemOf } from './item.ts';
import { backSince, boundedPlaces, joinedPlaces, type Place, priceChange, versionIn } from './versions.ts';

/** The state of a product. */
interface Product extends Settling {
  readonly id: string;
  readonly places: Readonly<Record<string, Place>>;
  /** When it was last deleted. */
  readonly deleted?: string;
  /** Digests of the last events: of the item, and by place. */
  readonly said?: string;
  readonly back: Readonly<Record<string, string>>;
  readonly dropped: Readonly<Record<string, string>>;
}

type Step = Progress<Product, typeof events>;
type Derived = NonNullable<Step['events']>[number];
type Settings = Payload<typeof settings>;

const GONE = 'gone';

/** A processor that synchronises a catalog with the products of a shop. */
export const catalog = defineProcessor({
  slug: 'catalog',
  name: 'Catalog',
  description: 'Reports changed and removed catalog items, and products that are back in stock or cost less.',
  settings,
  trigger: 'event = "Product Updated" or event = "Product Deleted"',
  events,
  initial: (): Product => ({ id: '', places: {}, back: {}, dropped: {} }),
  process(state, event, context) {
    const id = textIn(event.properties?.['product_id']);
    if (event.type !== 'track' || id === undefined || (state.id !== '' && state.id !== id)) return { state };
    const isGone = event.event === 'Product Deleted';
    const { deleted = '' } = state;
    const next: Product = {
      ...state,
      id,
      ...(isGone
        ? { deleted: event.timestamp > deleted ? event.timestamp : deleted }
        : { places: boundedPlaces(both(state.places, versionIn(event), joinedPlaces)!) }),
    };
    const { settleSeconds = 60 } = context.settings;
    const settling = { ...next, ...settlingAfter(state, settleSeconds, context) };
    if (settleSeconds === 0) return told(settling, context);
    return { state: settling, timers: { [SETTLED]: settling.due } };
  },
  wake: (state, _timer, context) => told(state, context),
  correct: (state, { settings: given }) => {
    const item = currentItem(state, given);
    return item === undefined
      ? []
      : [{ event: 'Catalog Item Changed', properties: { product_id: state.id, item } }];
  },
});

/** Derives an event for what changed since the last one. */
function told(
  { due: _due, past = false, ...state }: Product,
  { settings: given }: Pick<ProcessorContext<Settings>, 'settings'>,
): Step {
  const { id } = state;
  const item = currentItem(state, given);
  const now = item === undefined ? GONE : digest(item);
  const derived: Derived[] = [];
  if (now !== state.said && item !== undefined)
    derived.push({
      event: 'Catalog Item Changed',
      properties: { product_id: id, item },
      // An item can return to an earlier state: that is another change.
      key: `${id} ${digest([momentsOf(state), now])}`,
    });
  else if (now !== state.said)
    derived.push({
      event: 'Catalog Item Removed',
      properties: { product_id: id },
      key: `${id} ${state.deleted ?? ''}`,
    });
  const [back, dropped] = [{ ...state.back }, { ...state.dropped }];
  for (const [name, place] of item === undefined ? [] : Object.entries(state.places)) {
    const since = backSince(place);
    if (since !== undefined && back[name] !== since) {
      back[name] = since;
      if (!past) derived.push(backEvent(id, name, place, since));
    }
    const change = priceChange(place);
    const percent = change === undefined ? 0 : ((change.from - change.to) / change.from) * 100;
    if (change === undefined || dropped[name] === change.at || !(percent > 0)) continue;
    dropped[name] = change.at;
    if (!past && percent >= (given.priceDrop ?? 5))
      derived.push(droppedEvent(id, name, place, change, percent));
  }
  const next = { ...state, said: now, back, dropped };
  const marked = past ? derived.map((one) => ({ ...one, historical: true })) : derived;
  return derived.length > 0
    ? { state: next, events: marked }
    : { state: next, note: 'Skipped: the item has not changed.' };
}

/** Returns the current item; undefined when the product was deleted. */
function currentItem(
  { places, deleted }: Product,
  { imageSizes = {} }: Settings,
): Readonly<Record<string, unknown>> | undefined {
  // An event after its deletion restores it.
  const there = Object.entries(places).filter(
    ([, { moments }]) => deleted === undefined || Object.values(moments).some(({ at }) => at > deleted),
  );
  return there.length === 0 ? undefined : itemOf(Object.fromEntries(there), imageSizes);
}

function momentsOf({ places, deleted }: Product): unknown {
  return [deleted ?? null, Object.values(places).map(({ newest }) => newest.by)];
}

function backEvent(id: string, name: string, place: Place, since: string): Derived {
  const stock = place.newest.value['stock'];
  return {
    event: 'Product Back In Stock',
    properties: { ...productOf(id, place), ...(typeof stock === 'number' ? { stock } : {}) },
    timestamp: since,
    key: `${id} ${name} back ${since}`,
  };
}

function droppedEvent(
  id: string,
  name: string,
  place: Place,
  { from, to, at }: { readonly from: number; readonly to: number; readonly at: string },
  percent: number,
): Derived {
  return {
    event: 'Price Dropped',
    properties: {
      ...productOf(id, place),
      price: to,
      previous_price: from,
      percent: Math.round(percent * 10) / 10,
    },
    timestamp: at,
    key: `${id} ${name} ${from} ${to} ${at}`,
  };
}

function productOf(
  id: string,
  { newest: { value } }: Place,
): { readonly product_id: string; readonly price?: number } {
  const { sale_price: reduced, price } = value;
  const texts = ['name', 'url', 'image_url', 'currency', 'store', 'locale'].map(
    (name) => [name, textIn(value[name])] as const,
  );
  const cost = typeof reduced === 'number' ? reduced : price;
  return {
    product_id: id,
    ...withoutAbsent(Object.fromEntries(texts)),
    ...(typeof cost === 'number' ? { price: cost } : {}),
  };
}
