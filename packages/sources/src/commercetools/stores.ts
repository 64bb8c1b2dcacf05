import type { ShopFailure, ShopStore } from '@waybill/core';
import { rowsOf } from './api.ts';
import { type JsonObject, some } from '../read.ts';
import { localized, text } from './json.ts';
import type { Context, Settings } from './settings.ts';

/** How long what rarely changes is believed, in milliseconds. */
const HOUR = 3_600_000;

/** The stores of the project by their keys. Without the scope to see them they have no names, and that is all. */
export async function storesOf(context: Context): Promise<ReadonlyMap<string, JsonObject> | ShopFailure> {
  const { memory, now } = context;
  const kept = memory.get('stores') as { at: number; stores: ReadonlyMap<string, JsonObject> } | undefined;
  if (kept !== undefined && now() - kept.at < HOUR) return kept.stores;
  const query = [
    ['limit', '500'],
    ['withTotal', 'false'],
  ] as const;
  const found = await rowsOf(context, { path: 'stores', query });
  if ('failure' in found && found.failure.code !== 'source_forbidden') return found;
  const rows = 'failure' in found ? [] : found.rows;
  const stores = new Map(rows.map((row) => [text(row, 'key') ?? '', row]));
  memory.set('stores', { at: now(), stores });
  return stores;
}

/** Where something belongs: its store, and the language that was spoken. */
export function storeState(
  key: string | undefined,
  store: JsonObject | undefined,
  locale: string | undefined,
  settings: Settings,
): ShopStore | undefined {
  return some({ id: key, name: localized(store?.['name'], locale, settings.locale), locale });
}
