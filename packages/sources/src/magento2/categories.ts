import type { ShopFailure } from '@waybill/core';

import type { JsonObject } from '../read.ts';
import { idOf, numberOf, textOf } from './json.ts';
import { isFailure, remembered, unlessForbidden } from '../remember.ts';
import { searchAll } from './search.ts';
import type { Context } from './settings.ts';

interface Category {
  readonly name: string;
  readonly level: number;
  readonly path: readonly string[];
}

/** Categories by ID. */
export interface Categories {
  readonly byId: Readonly<Record<string, Category>>;
}

/** The level of the first visible categories: above are the roots of the catalog and the store. */
const FIRST_LEVEL = 2;

/** Returns the categories of the shop. */
export function categoriesOf(context: Context): Promise<Categories | ShopFailure> {
  return remembered(context, 'categories', async () => {
    const found = unlessForbidden(
      await searchAll(context, { path: 'categories/list', groups: [], fields: 'id,name,level,path' }),
      [],
    );
    return isFailure(found) ? found : { byId: Object.fromEntries(found.flatMap((row) => entryOf(row))) };
  });
}

function entryOf(row: JsonObject): readonly (readonly [string, Category])[] {
  const id = idOf(row['id']);
  const name = textOf(row['name']);
  if (id === undefined || name === undefined) return [];
  const path = (textOf(row['path']) ?? id).split('/');
  return [[id, { name, level: numberOf(row['level']) ?? path.length - 1, path }]];
}

/** Returns the names of categories and their parents, the most general first. */
export function categoryNames(ids: readonly string[], { byId }: Categories): readonly string[] {
  const all = [...new Set(ids.flatMap((id) => byId[id]?.path ?? []))].flatMap((id) => byId[id] ?? []);
  const seen = all.filter(({ level }) => level >= FIRST_LEVEL).sort((a, b) => a.level - b.level);
  return [...new Set(seen.map(({ name }) => name))];
}
