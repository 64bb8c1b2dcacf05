import type { ShopFailure } from '@waybill/core';

import type { JsonObject } from '../read.ts';
import { idOf, textOf } from './json.ts';
import { childrenOf } from './product-parts.ts';
import { isFailure, unlessForbidden } from '../remember.ts';
import { type Filter, searchAll, searchIn } from './search.ts';
import type { Context } from './settings.ts';

/** A product of a cart item. */
export interface CatalogEntry {
  readonly id: string;
  /** IDs of the variants of a configurable product. */
  readonly children: readonly string[];
}

/** Products by their look-up key: `sku MUG-BLUE`, `name Radiant Tee`. */
export type Catalog = Readonly<Record<string, CatalogEntry>>;

/** What to look up in the catalog. */
export interface Wanted {
  readonly skus: readonly (string | undefined)[];
  /** Names of configurable products and bundles, whose cart items have the SKU of the chosen variant. */
  readonly names: readonly (string | undefined)[];
}

const FIELDS = 'id,sku,name,extension_attributes[configurable_product_links]';
const CACHE = 'catalog';
const HOUR = 3_600_000;
/** The maximum number of cached products; above it the cache is cleared. */
const MOST = 20_000;
/** The maximum number of names of a search: they are in its URL. */
const MOST_NAMES = 20;

type Entries = Map<string, CatalogEntry | undefined>;

/** Returns the IDs of some products. Each is read once an hour. */
export async function catalogOf(context: Context, wanted: Wanted): Promise<Catalog | ShopFailure> {
  const kept = keptOf(context);
  const missing = (kind: string, values: readonly (string | undefined)[]): readonly string[] =>
    [...new Set(values)].filter((one): one is string => one !== undefined && !kept.has(`${kind} ${one}`));
  // A comma separates the values of `in`.
  const skus = missing('sku', wanted.skus).filter((one) => !one.includes(','));
  const names = missing('name', wanted.names);
  const [bySku, byName] = await Promise.all([
    searchIn(context, { path: 'products', fields: FIELDS, field: 'sku' }, skus),
    namesIn(context, names),
  ]);
  for (const [kind, asked, answer] of [
    ['sku', skus, bySku],
    ['name', names, byName],
  ] as const) {
    const found = unlessForbidden(answer, []);
    if (isFailure(found)) return found;
    for (const one of asked) kept.set(`${kind} ${one}`, undefined);
    for (const row of found) {
      const [id, key] = [idOf(row['id']), textOf(row[kind])];
      if (id !== undefined && key !== undefined)
        kept.set(`${kind} ${key}`, { id, children: childrenOf(row) });
    }
  }
  const keys = [...wanted.skus.map((one) => `sku ${one}`), ...wanted.names.map((one) => `name ${one}`)];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const entry = kept.get(key);
      return entry === undefined ? [] : [[key, entry]];
    }),
  );
}

function keptOf({ memory, now }: Context): Entries {
  const kept = memory.get(CACHE) as { readonly at: number; readonly entries: Entries } | undefined;
  if (kept !== undefined && now() - kept.at < HOUR && kept.entries.size < MOST) return kept.entries;
  const entries: Entries = new Map();
  memory.set(CACHE, { at: now(), entries });
  return entries;
}

/** Returns configurable products and bundles with these names. */
async function namesIn(
  context: Context,
  names: readonly string[],
): Promise<readonly JsonObject[] | ShopFailure> {
  const all: JsonObject[] = [];
  const types: readonly Filter[] = [{ field: 'type_id', is: 'in', value: 'configurable,bundle' }];
  for (let at = 0; at < names.length; at += MOST_NAMES) {
    const group = names
      .slice(at, at + MOST_NAMES)
      .map((value): Filter => ({ field: 'name', is: 'eq', value }));
    const found = await searchAll(context, { path: 'products', fields: FIELDS, groups: [types, group] });
    if (isFailure(found)) return found;
    all.push(...found);
  }
  return all;
}
