import type { ShopFailure, ShopStore } from '@waybill/core';
import { rowsOf } from './api.ts';
import { type JsonObject, some } from '../read.ts';
import { remembered } from '../remember.ts';
import { localized, text } from './json.ts';
import type { Context, Settings } from './settings.ts';

/** Returns the stores of the project by key. Without the scope to read them only their names are missing. */
export function storesOf(context: Context): Promise<ReadonlyMap<string, JsonObject> | ShopFailure> {
  return remembered(context, 'stores', async () => {
    const query = [
      ['limit', '500'],
      ['withTotal', 'false'],
    ] as const;
    const found = await rowsOf(context, { path: 'stores', query });
    if ('failure' in found && found.failure.code !== 'source_forbidden') return found;
    const rows = 'failure' in found ? [] : found.rows;
    return new Map(rows.map((row) => [text(row, 'key') ?? '', row]));
  });
}

/** Returns the store state: the store, and the language. */
export function storeState(
  key: string | undefined,
  store: JsonObject | undefined,
  locale: string | undefined,
  settings: Settings,
): ShopStore | undefined {
  return some({ id: key, name: localized(store?.['name'], locale, settings.locale), locale });
}
