import type { Event } from './event.ts';

/** Whether an event is historical, as those of a back-fill are: it may be delayed, and must not trigger anything. */
export function isHistorical({ context }: Pick<Event, 'context'>): boolean {
  return context?.['historical'] === true;
}
