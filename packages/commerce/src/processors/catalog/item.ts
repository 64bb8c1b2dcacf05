import { withoutAbsent } from '@waybill/core';
import { textIn } from '../values.ts';
import type { Place } from './versions.ts';

type Values = Readonly<Record<string, unknown>>;

/** Returns a product as an item of a catalog: the newest version, plus members by language and currency. */
export function itemOf(
  places: Readonly<Record<string, Place>>,
  sizes: Readonly<Record<string, unknown>>,
): Values {
  const all = Object.values(places).map(({ newest }) => newest);
  const sorted = all.toSorted((one, other) => (one.by < other.by ? -1 : 1)).map(({ value }) => value);
  const newest = sorted.at(-1) ?? {};
  const { store: _store, store_name: _name, channel: _channel, ...item } = newest;
  const image = textIn(newest['image_url']);
  return {
    ...item,
    ...(image === undefined || Object.keys(sizes).length === 0
      ? {}
      : { images_by_size: sized(image, sizes) }),
    locales: by(sorted, 'locale', ['name', 'description', 'url', 'category']),
    prices: by(sorted, 'currency', ['price', 'sale_price']),
    stores: [...new Set(sorted.flatMap(({ store }) => textIn(store) ?? []))].sort(),
  };
}

/** Indexes members by another one, such as prices by currency; the newer of two wins. */
function by(versions: readonly Values[], name: string, members: readonly string[]): Values {
  const found = versions.flatMap((version) => {
    const key = textIn(version[name]);
    return key === undefined
      ? []
      : [[key, withoutAbsent(Object.fromEntries(members.map((one) => [one, version[one]])))] as const];
  });
  return Object.fromEntries([...new Map(found)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sized(image: string, sizes: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => {
      const text = String(size);
      const inPlace = image.replace(/\{:?size\}/, () => text);
      return [name, inPlace === image ? `${image}${image.includes('?') ? '&' : '?'}${text}` : inPlace];
    }),
  );
}
