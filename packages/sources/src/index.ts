import type { Source } from '@waybill/core';
export {
  AUDIENCE,
  AUDIENCE_STREAM,
  audience,
  AudienceError,
  type AudienceStanding,
  audienceStanding,
  dryRunAudience,
  keepFolders,
  type RunTold,
  wishAudience,
} from './audience/index.ts';
import { bigcommerce } from './bigcommerce/index.ts';
import { commercetools } from './commercetools/index.ts';
import { magento2 } from './magento2/index.ts';
import { ultracart } from './ultracart/index.ts';

export { visitorKeyOf } from './visitor-key.ts';

/** The shop platforms, by slug. */
export const shops: readonly Source[] = [bigcommerce, commercetools, magento2, ultracart];
