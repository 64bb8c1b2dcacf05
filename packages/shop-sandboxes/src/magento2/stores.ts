import type { ShopModel, Store } from '../model/index.ts';
import type { Row } from './values.ts';

const MEDIA = 'https://images.shop.example/';

const slashed = (url: string): string => url.replace(/\/?$/, '/');

/** The configuration of each store view. Each market is a website with one store view. */
export function configRows(model: ShopModel): readonly Row[] {
  return model.tables.store.all().map((store) => ({
    id: store.id,
    code: store.code,
    website_id: store.id,
    locale: store.locale.replace('-', '_'),
    base_currency_code: store.baseCurrency,
    default_display_currency_code: store.currency,
    timezone: store.timeZone,
    weight_unit: 'kgs',
    ...urlsOf(store),
  }));
}

function urlsOf({ url }: Store): Row {
  return Object.fromEntries(
    ['', 'secure_'].flatMap((kind) => [
      [`${kind}base_url`, slashed(url)],
      [`${kind}base_link_url`, slashed(url)],
      [`${kind}base_static_url`, `${slashed(url)}static/`],
      [`${kind}base_media_url`, MEDIA],
    ]),
  );
}

/** The store views. */
export function viewRows(model: ShopModel): readonly Row[] {
  return model.tables.store.all().map(({ id, code, name }) => ({
    id,
    code,
    name,
    website_id: id,
    store_group_id: id,
    is_active: 1,
  }));
}

/** The websites. */
export function websiteRows(model: ShopModel): readonly Row[] {
  return model.tables.store.all().map(({ id, code, name }) => ({
    id,
    code,
    name,
    default_group_id: id,
  }));
}
