import { type ProductState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { track } from './events.ts';
import type { Properties } from './parts.ts';
import { whoOf } from './subject.ts';
import { amountsIn } from './values.ts';
import { same, versionOf } from './version.ts';

type State = { readonly kind: 'product' } & ProductState;

/**
 * Returns the events of a change of a product, with the whole product. The product itself is the visitor of its events, so that
 * they stay in order.
 */
export function productChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  const properties = propertiesOf(after);
  if (before !== undefined && same(propertiesOf(before), properties)) return [];
  const key = [after.id, versionOf(before, after, context)];
  const subject = { state: after, who: whoOf(after, context), context };
  return [track(subject, { name: 'Product Updated', key, at: after.updatedAt, properties })];
}

/** Returns the events of a deleted product, also of one that was never reported, because others may know it. */
export function productGone(
  before: State | undefined,
  id: string,
  at: string | undefined,
  context: ChangeContext,
): readonly SourceEvent[] {
  const time = at ?? new Date(context.now).toISOString();
  const properties = { ...(before === undefined ? {} : propertiesOf(before)), product_id: id };
  const state = before ?? ({ kind: 'product', id } as const);
  const subject = { state, who: whoOf(state, context), context };
  // A product may return under its ID and be deleted again.
  return [track(subject, { name: 'Product Deleted', key: [id, time], at: time, properties })];
}

function propertiesOf(state: State): Properties {
  const amount = amountsIn(state.currency);
  const inStock = state.stock === undefined ? undefined : state.stock > 0;
  return withoutAbsent({
    product_id: state.id,
    sku: state.sku,
    name: state.name,
    description: state.description,
    status: state.status,
    category: state.categories?.at(-1),
    categories: state.categories,
    brand: state.brand,
    price: amount(state.price),
    sale_price: amount(state.salePrice),
    stock: state.stock,
    in_stock: inStock,
    url: state.url,
    image_url: state.imageUrl ?? state.images?.[0],
    images: state.images,
    created_at: state.createdAt,
    variants: state.variants?.map((variant) =>
      withoutAbsent({
        variant_id: variant.id,
        sku: variant.sku,
        name: variant.name,
        price: amount(variant.price),
        sale_price: amount(variant.salePrice),
        stock: variant.stock,
        image_url: variant.imageUrl,
        attributes: variant.attributes,
      }),
    ),
    custom: state.custom,
  });
}
