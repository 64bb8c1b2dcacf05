import type { Destination } from '@waybill/core';

import { dummy } from './dummy/index.ts';
import { iterable } from './iterable/index.ts';
import { shopMappings } from './iterable/shops.ts';

export { dummy, iterable, shopMappings };

/** Every destination of this package. */
export const destinations: readonly Destination[] = [iterable, dummy];
