import { bigcommerce } from './bigcommerce/index.ts';
import { commercetools } from './commercetools/index.ts';
import type { ShopPlatform } from './frame/index.ts';
import { magento2 } from './magento2/index.ts';
import type { Platform } from './platform.ts';
import { ultracart } from './ultracart/index.ts';

/** The views of shops, by platform. */
export const platforms: Readonly<Partial<Record<Platform, ShopPlatform>>> = {
  bigcommerce,
  commercetools,
  magento2,
  ultracart,
};
