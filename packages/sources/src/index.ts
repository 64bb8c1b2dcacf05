import type { Source } from '@waybill/core';
import { bigcommerce } from './bigcommerce/index.ts';

/** The shop platforms, by their slugs. */
export const shops: readonly Source[] = [bigcommerce];
