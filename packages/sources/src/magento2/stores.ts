import type { ShopFailure, ShopStore } from '@waybill/core';

import { read } from './client.ts';
import { known, type JsonObject, objectsOf } from '../read.ts';
import { idOf, memberOf, textOf } from './json.ts';
import { isFailure, remembered } from '../remember.ts';
import type { Filter } from './search.ts';
import type { Context } from './settings.ts';

/** A store view, with the name of its website and the URLs of its pages and pictures. */
export interface StoreView {
  readonly id: string;
  readonly code: string;
  readonly name?: string | undefined;
  readonly website?: string | undefined;
  readonly websiteId?: string | undefined;
  readonly locale?: string | undefined;
  readonly currency?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly mediaUrl?: string | undefined;
}

/** Store views by ID. */
export interface Stores {
  readonly views: Readonly<Record<string, StoreView>>;
}

/** Returns the store views of the shop. */
export function storesOf(context: Context): Promise<Stores | ShopFailure> {
  return remembered(context, 'stores', async () => {
    const [configs, views, websites] = await Promise.all(
      ['store/storeConfigs', 'store/storeViews', 'store/websites'].map((path) => read(context, path)),
    );
    for (const one of [configs, views, websites]) if (isFailure(one)) return one;
    const list = (answer: unknown) => objectsOf(memberOf(answer, 'body'));
    const names = byId(list(views));
    const sites = byId(list(websites));
    return {
      views: Object.fromEntries(
        list(configs).flatMap((config) => {
          const id = idOf(config['id']);
          return id === undefined ? [] : [[id, viewOf(id, config, names[id], sites)]];
        }),
      ),
    };
  });
}

function byId(rows: readonly JsonObject[]): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(rows.map((row) => [textOf(row['id']) ?? '', row]));
}

function viewOf(
  id: string,
  config: JsonObject,
  view: JsonObject | undefined,
  sites: Readonly<Record<string, JsonObject>>,
): StoreView {
  const websiteId = textOf(config['website_id']);
  const text = (name: string) => textOf(config[name]);
  return known({
    id,
    code: text('code') ?? id,
    name: textOf(view?.['name']),
    website: textOf(sites[websiteId ?? '']?.['name']),
    websiteId,
    locale: text('locale')?.replace('_', '-'),
    currency: text('default_display_currency_code') ?? text('base_currency_code'),
    baseUrl: text('secure_base_link_url') ?? text('secure_base_url') ?? text('base_url'),
    mediaUrl: text('secure_base_media_url') ?? text('base_media_url'),
  });
}

/** Returns the store of a state; only the ID for a deleted view. */
export function storeOf(id: string | undefined, view: StoreView | undefined): ShopStore | undefined {
  if (view === undefined) return id === undefined ? undefined : { id };
  return known({
    id: view.code,
    name: view.name,
    channel: view.website,
    locale: view.locale,
    url: view.baseUrl,
  });
}

/** Returns the filter for the configured store views; none for all. */
export function wantedViews(
  { views }: Stores,
  codes: readonly string[] | undefined,
): readonly (readonly Filter[])[] | ShopFailure {
  if (codes === undefined || codes.length === 0) return [];
  const all = Object.values(views);
  const unknown = codes.find((code) => !all.some((view) => view.code === code));
  if (unknown !== undefined) {
    const there = all.map(({ code }) => code).join(', ');
    const message = `There is no store view "${unknown}"; existing ones: ${there}.`;
    return { failure: { status: 'rejected', code: 'source_not_found', message } };
  }
  const ids = all.filter(({ code }) => codes.includes(code)).map(({ id }) => id);
  return [[{ field: 'store_id', is: 'in', value: ids.join(',') }]];
}
