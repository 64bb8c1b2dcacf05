import type { Destination } from '@waybill/core';

import { dummy } from './dummy/index.ts';
import { ga4 } from './ga4/index.ts';
import { iterable } from './iterable/index.ts';
import { klaviyo } from './klaviyo/index.ts';
import { webhook } from './webhook/index.ts';

export { dummy, ga4, iterable, klaviyo, webhook };

/** Every destination of this package. */
export const destinations: readonly Destination[] = [iterable, klaviyo, ga4, webhook, dummy];

export { shopMappings } from './iterable-for-shops.ts';
