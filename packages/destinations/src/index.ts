import type { Destination } from '@waybill/core';

import { dummy } from './dummy/index.ts';
import { iterable } from './iterable/index.ts';

export { dummy, iterable };

/** Every destination of this package. */
export const destinations: readonly Destination[] = [iterable, dummy];

export { shopMappings } from './iterable-for-shops.ts';
