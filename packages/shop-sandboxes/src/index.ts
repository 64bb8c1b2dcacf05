export type { ShopSandbox, ShopSandboxOptions, ShopStats } from './contract.ts';
export { STORY, type DayStep } from './day/index.ts';
export type { CallFault, ShopFaults, ShopPlatform, WebhookFaults } from './frame/index.ts';
export { PLATFORMS, type Platform } from './platform.ts';
export { createShopSandbox } from './sandbox.ts';
export type * from './model/index.ts';
