import type { Source } from '@waybill/core';

/** The shop platforms, by their slugs. */
export const shops: readonly Source[] = [];
