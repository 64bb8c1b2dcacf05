import type { MappingConfig } from '@waybill/core';
import forShops from '@waybill/presets/iterable-for-shops.json' with { type: 'json' };

/** The mappings that bring the events of shops to Iterable. `listId` 1 stands for the list of the newsletter. */
export const shopMappings: readonly MappingConfig[] = forShops.mappings;
