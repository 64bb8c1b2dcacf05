import type { Event } from '@waybill/core';

/** Whether an event tells of the past, and may wait. */
export function isHistorical({ context }: Event): boolean {
  return context?.['historical'] === true;
}
