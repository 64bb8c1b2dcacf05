import { type JsonObject, objectsOf } from '../read.ts';
import { idOf, memberOf, textOf } from './json.ts';

/** Returns a custom attribute of a product. */
export function attributeOf(row: JsonObject, code: string): unknown {
  return objectsOf(row['custom_attributes']).find((one) => one['attribute_code'] === code)?.['value'];
}

/** Returns the IDs of the variants of a configurable product. */
export function childrenOf(row: JsonObject): readonly string[] {
  const links = memberOf(row['extension_attributes'], 'configurable_product_links');
  return Array.isArray(links) ? links.flatMap((id) => idOf(id) ?? []) : [];
}

/** Returns the IDs of the categories of a product. */
export function categoryIds(row: JsonObject): readonly string[] {
  const links = objectsOf(memberOf(row['extension_attributes'], 'category_links'));
  const listed = attributeOf(row, 'category_ids');
  const ids = links.length > 0 ? links.map((one) => one['category_id']) : Array.isArray(listed) ? listed : [];
  return ids.flatMap((id) => textOf(id) ?? []);
}

/** Returns the name of a variant without that of the product, "Radiant Tee-M-Orange" being "M, Orange". */
export function variantName(product: JsonObject, variant: JsonObject): string | undefined {
  const [whole, own] = [textOf(product['name']) ?? '', textOf(variant['name'])];
  return own?.startsWith(`${whole}-`) === true ? own.slice(whole.length + 1).replaceAll('-', ', ') : own;
}

/** Returns the URL of the original picture; a product without one has `no_selection`. */
export function pictureAt(mediaUrl: string | undefined, path: unknown): string | undefined {
  const text = textOf(path);
  if (mediaUrl === undefined || text === undefined || text === 'no_selection') return undefined;
  return `${mediaUrl.replace(/\/?$/, '/')}catalog/product/${text.replace(/^\//, '')}`;
}
