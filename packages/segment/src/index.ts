export { adaptDefinition, type AdaptOptions } from './adapt/destination.ts';
export type { NewTokens } from './adapt/account.ts';
export type { MappedItem } from './adapt/item.ts';
export { startingMappings } from './adapt/presets.ts';
export type { OnTokens } from './adapt/renew.ts';
export type { Capability } from './capabilities.ts';
export {
  listDefinitions,
  loadDefinition,
  loadPublished,
  type LoadOptions,
  type PublishedDestination,
} from './load.ts';
export { PATCHES } from './patches/index.ts';
export type { Patch, ReadAnswer } from './patches/patch.ts';
export { UpstreamMissingError } from './upstream/packages.ts';
export type {
  UpstreamAction,
  UpstreamDefinition,
  UpstreamDynamic,
  UpstreamField,
  UpstreamFields,
  UpstreamPreset,
} from './upstream/types.ts';
export { exportDestination, ExportError } from './export/destination.ts';
