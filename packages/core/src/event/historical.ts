import type { Event } from './event.ts';

/** Whether an event tells of the past, as those of a back-fill do: it may wait, and nothing is to start because of it. */
export function isHistorical({ context }: Pick<Event, 'context'>): boolean {
  return context?.['historical'] === true;
}
