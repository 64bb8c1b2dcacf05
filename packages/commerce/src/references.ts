import type { ShopGone, ShopKind, ShopState } from '@waybill/core';

/** An object by its kind and ID. */
export interface Reference {
  readonly kind: ShopKind;
  readonly id: string;
}

/** Returns the objects that events of a state may refer to: to prefetch `known`. */
export function referencesOf(state: ShopState | ShopGone): readonly Reference[] {
  if ('gone' in state) return [];
  const customer = 'customer' in state ? state.customer?.id : undefined;
  const found: Reference[] = customer === undefined ? [] : [{ kind: 'customer', id: customer }];
  if (state.kind === 'review') found.push({ kind: 'product', id: state.productId });
  const products = new Set<string>();
  for (const { productId: id } of ('lines' in state ? state.lines : undefined) ?? []) {
    if (products.has(id)) continue;
    products.add(id);
    found.push({ kind: 'product', id });
  }
  return found;
}
