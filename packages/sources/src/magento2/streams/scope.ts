import type { RowPage, RowQuery, ShopFailure } from '@waybill/core';

import type { JsonObject } from '../../read.ts';
import { isFailure } from '../../remember.ts';
import { countOf, pageOf, type Place } from '../search.ts';
import type { Context } from '../settings.ts';
import { storesOf, wantedViews } from '../stores.ts';

/** The endpoint with the configured store views. */
async function scoped(context: Context, place: Place): Promise<Place | ShopFailure> {
  const { storeViews } = context.settings;
  if (storeViews === undefined || storeViews.length === 0) return place;
  const stores = await storesOf(context);
  if (isFailure(stores)) return stores;
  const groups = wantedViews(stores, storeViews);
  return isFailure(groups) ? groups : { ...place, groups };
}

/** Reads a page of rows of the configured store views. */
export async function pageIn(
  context: Context,
  place: Place,
  query: RowQuery,
): Promise<(RowPage<JsonObject> & { readonly more: boolean }) | ShopFailure> {
  const found = await scoped(context, place);
  return isFailure(found) ? found : pageOf(context, found, query);
}

/** Counts the rows of the configured store views. */
export async function countIn(
  context: Context,
  path: string,
  query: Pick<RowQuery, 'by' | 'since' | 'until'>,
): Promise<{ readonly count: number } | ShopFailure> {
  const found = await scoped(context, { path, fields: '' });
  return isFailure(found) ? found : countOf(context, found, query);
}
