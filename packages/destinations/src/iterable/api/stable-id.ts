import type { Item } from '@waybill/core';

/**
 * An ID for an event or purchase whose mapping gives none: the same at every attempt, so that sending again after a
 * crash updates what is there instead of doubling it. Letters, digits and hyphens, at most 512 of them.
 */
export function stableId(item: Item): string {
  return item.key.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 512);
}
