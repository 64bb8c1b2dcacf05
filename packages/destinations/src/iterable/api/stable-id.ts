import type { Item } from '@waybill/core';

/**
 * Returns an ID for an event or purchase without one: the same at every attempt, so that sending again after a crash updates
 * instead of duplicating. Letters, digits and hyphens, at most 512 of them.
 */
export function stableId(item: Item): string {
  return item.key.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 512);
}
