import type { ShopFailure } from '@waybill/core';

import { read } from './client.ts';
import { type JsonObject, objectsOf } from '../read.ts';
import { idOf, memberOf, textOf } from './json.ts';
import { isFailure, unlessForbidden } from '../remember.ts';
import { criteriaOf } from './search.ts';
import type { Context } from './settings.ts';
import type { StoreView } from './stores.ts';

/** Returns URLs of pictures in the configured size, by product ID; none without a configured size. */
export async function picturesOf(
  context: Context,
  products: readonly { readonly product: JsonObject; readonly view?: StoreView | undefined }[],
): Promise<Readonly<Record<string, string>> | ShopFailure> {
  const { imageCode } = context.settings;
  if (imageCode === undefined) return {};
  const views = new Map(products.flatMap(({ view }) => (view === undefined ? [] : [[view.id, view]])));
  const pictures: Record<string, string> = {};
  for (const [storeId, { currency = '' }] of views) {
    const ids = products.flatMap(({ product, view }) =>
      view?.id === storeId ? (idOf(product['id']) ?? []) : [],
    );
    const query = criteriaOf({
      path: 'products-render-info',
      groups: [[{ field: 'entity_id', is: 'in', value: ids.join(',') }]],
      size: ids.length,
      page: 1,
      fields: 'id,images[code,url]',
      more: { storeId, currencyCode: currency },
    });
    const answer = unlessForbidden(await read(context, 'products-render-info', query), { body: {} });
    if (isFailure(answer)) return answer;
    for (const row of objectsOf(memberOf(answer.body, 'items'))) {
      const image = objectsOf(row['images']).find((one) => one['code'] === imageCode);
      const [id, url] = [idOf(row['id']), textOf(image?.['url'])];
      // A product without a picture has the placeholder of the theme.
      if (id !== undefined && url !== undefined && !url.includes('/placeholder/')) pictures[id] = url;
    }
  }
  return pictures;
}
