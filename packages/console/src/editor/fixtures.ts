import type { Event } from '@waybill/core';
import { savedItems } from '../saved-items.ts';

/** An event that a person has kept under a name, to try mappings on. */
export interface Fixture {
  readonly name: string;
  readonly event: Event;
}

/**
 * The events that are kept in this browser. They are not kept with the mapping: an event is about a person, and what the
 * workspace has goes into exports, versions and back-ups, where a deletion of that person would not reach it.
 */
export const fixtures = savedItems<Fixture>(
  'waybill.fixtures',
  ({ event }) => typeof event === 'object' && event !== null && typeof event.messageId === 'string',
);
