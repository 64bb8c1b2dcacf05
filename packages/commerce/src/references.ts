import type { ShopGone, ShopKind, ShopState } from '@waybill/core';

/** A thing by its kind and id. */
export interface Reference {
  readonly kind: ShopKind;
  readonly id: string;
}

/** The things that events of a state may say something of: for whoever reads ahead what is `known`. */
export function referencesOf(state: ShopState | ShopGone): readonly Reference[] {
  if ('gone' in state) return [];
  const customer = 'customer' in state ? state.customer?.id : undefined;
  const lines = 'lines' in state ? (state.lines ?? []) : [];
  const products = new Set(lines.map(({ productId }) => productId));
  if (state.kind === 'review') products.add(state.productId);
  return [
    ...(customer === undefined ? [] : [{ kind: 'customer' as const, id: customer }]),
    ...[...products].map((id) => ({ kind: 'product' as const, id })),
  ];
}
