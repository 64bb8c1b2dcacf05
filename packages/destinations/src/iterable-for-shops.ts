import type { MappingConfig } from '@waybill/core';
import forShops from '@waybill/presets/iterable-for-shops.json' with { type: 'json' };

/** The mappings for events of shops to Iterable. `listId` 1 is a placeholder for the list of the newsletter. */
export const shopMappings: readonly MappingConfig[] = forShops.mappings;
