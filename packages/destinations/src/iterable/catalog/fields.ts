import { defineFields, type Outcome, rejected } from '@waybill/core';

/** How the items of a catalog share calls. */
export const catalogBatchFields = defineFields({
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether items of the same catalog share calls.',
    required: false,
    default: true,
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'Maximum number of items per call, up to 1,000.',
    required: false,
    unsafe_hidden: true,
    default: 100,
  },
});

/** The fields that name an item of a catalog. */
export const catalogItemFields = defineFields({
  catalogName: {
    type: 'string',
    label: 'Catalog',
    description: 'Name of the catalog: letters, digits and dashes, not case-sensitive. It must exist.',
    required: true,
    dynamic: true,
    default: { '@path': '$.properties.catalog' },
  },
  itemId: {
    type: 'string',
    label: 'Item ID',
    description: 'Identifies the item in the catalog: letters, digits and dashes, case-sensitive.',
    required: true,
    default: { '@path': '$.properties.product_id' },
  },
});

/** The catalog and ID of an item from a mapping. */
export interface CatalogPlace {
  readonly catalogName: string;
  readonly itemId: string;
}

const NAME = /^[A-Za-z0-9-]{1,255}$/;

/** Returns why a name of a catalog or an item is invalid. One invalid item would make Iterable refuse the whole call. */
export function badPlace({ catalogName, itemId }: CatalogPlace): Outcome | undefined {
  if (!NAME.test(catalogName)) return badName('catalogName', catalogName);
  return NAME.test(itemId) ? undefined : badName('itemId', itemId);
}

function badName(field: string, name: string): Outcome {
  const message = `"${name.slice(0, 60)}" is not a valid name: expected 1 to 255 letters, digits and dashes.`;
  return rejected('payload_invalid_format', message, field);
}

/** Returns the path of a catalog. */
export function catalogPath(catalogName: string): string {
  return `/api/catalogs/${encodeURIComponent(catalogName)}/items`;
}

/** Returns the path of an item. */
export function itemPath({ catalogName, itemId }: CatalogPlace): string {
  return `${catalogPath(catalogName)}/${encodeURIComponent(itemId)}`;
}

/**
 * Arranges items into rounds with unique IDs: a call has one document per ID, and two changes of an item must keep their order.
 */
export function rounds<T extends { readonly payload: CatalogPlace }>(
  items: readonly T[],
  indexes: readonly number[],
): readonly (readonly number[])[] {
  const planned: number[][] = [];
  const times = new Map<string, number>();
  for (const index of indexes) {
    const { itemId } = items[index]!.payload;
    const round = times.get(itemId) ?? 0;
    times.set(itemId, round + 1);
    (planned[round] ??= []).push(index);
  }
  return planned;
}
